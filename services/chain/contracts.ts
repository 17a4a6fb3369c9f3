import { Contract, Interface, type ContractRunner, type InterfaceAbi } from 'ethers';
import type { TimelockController } from '../../types/@openzeppelin/contracts/governance/TimelockController.ts';
import type { AuditAnchor } from '../../types/contracts/audit/AuditAnchor.ts';
import type { Governance } from '../../types/contracts/access/Governance.ts';
import type { IBills } from '../../types/contracts/bills/IBills.ts';
import type { DepositToken } from '../../types/contracts/cash/DepositToken.ts';
import type { CreditLines } from '../../types/contracts/finance/CreditLines.ts';
import type { FinancingDesk } from '../../types/contracts/finance/FinancingDesk.ts';
import type { OrgAccount } from '../../types/contracts/participants/OrgAccount.ts';
import type { OrgAccountFactory } from '../../types/contracts/participants/OrgAccountFactory.ts';
import type { Rulebook } from '../../types/contracts/rules/Rulebook.ts';
import type { Deployment } from './deployment.ts';
import {
  auditAnchorAbi,
  billsAbi,
  creditLinesAbi,
  depositTokenAbi,
  financingDeskAbi,
  governanceAbi,
  orgAccountAbi,
  orgAccountFactoryAbi,
  relayAbi,
  rulebookAbi,
  timelockControllerAbi,
} from './generated/index.ts';

const parse = (abi: readonly unknown[]): Interface => new Interface(abi as InterfaceAbi);

/** The interface of each contract that bears a name in the deployment, and of the firms' accounts. */
export const interfaces = {
  accessManager: parse(governanceAbi),
  timelock: parse(timelockControllerAbi),
  rulebook: parse(rulebookAbi),
  lines: parse(creditLinesAbi),
  cash: parse(depositTokenAbi),
  bills: parse(billsAbi),
  desk: parse(financingDeskAbi),
  orgAccountFactory: parse(orgAccountFactoryAbi),
  orgAccount: parse(orgAccountAbi),
  relay: parse(relayAbi),
  auditAnchor: parse(auditAnchorAbi),
} as const;

export type Contracts = {
  accessManager: Governance;
  timelock: TimelockController;
  rulebook: Rulebook;
  lines: CreditLines;
  cash: DepositToken;
  bills: IBills;
  desk: FinancingDesk;
  orgAccountFactory: OrgAccountFactory;
  auditAnchor: AuditAnchor;
};

export function contractsOf({ addresses }: Pick<Deployment, 'addresses'>, runner: ContractRunner): Contracts {
  const at = <T>(name: keyof Contracts): T =>
    new Contract(addresses[name], interfaces[name], runner) as unknown as T;
  return {
    accessManager: at('accessManager'),
    timelock: at('timelock'),
    rulebook: at('rulebook'),
    lines: at('lines'),
    cash: at('cash'),
    bills: at('bills'),
    desk: at('desk'),
    orgAccountFactory: at('orgAccountFactory'),
    auditAnchor: at('auditAnchor'),
  };
}

export const orgAccountAt = (address: string, runner: ContractRunner): OrgAccount =>
  new Contract(address, interfaces.orgAccount, runner) as unknown as OrgAccount;

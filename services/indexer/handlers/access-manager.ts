/** Who holds which power, so that all services agree who the operator is. */
import { ignore, type Handlers } from './handlers.ts';

const governance = ignore('delays and functions of roles are read from the chain: no bill depends on them');

export const accessManager: Handlers<'accessManager'> = {
  OperationCanceled: governance,
  OperationExecuted: governance,
  OperationScheduled: governance,
  RoleAdminChanged: governance,
  RoleGrantDelayChanged: governance,
  RoleGranted: (ledger, { roleId: role, account }) => ledger.accessRoles.set({ role, account }),
  RoleGuardianChanged: governance,
  RoleLabel: governance,
  RoleRevoked: (ledger, { roleId: role, account }) => ledger.accessRoles.remove({ role, account }),
  TargetAdminDelayUpdated: governance,
  TargetClosed: governance,
  TargetFunctionRoleUpdated: governance,
};

/** Where one can go, by role. */
import ArrowDownToLine from '@lucide/svelte/icons/arrow-down-to-line';
import Banknote from '@lucide/svelte/icons/banknote';
import Bell from '@lucide/svelte/icons/bell';
import CalendarDays from '@lucide/svelte/icons/calendar-days';
import ChartLine from '@lucide/svelte/icons/chart-line';
import ChartPie from '@lucide/svelte/icons/chart-pie';
import FileCheck from '@lucide/svelte/icons/file-check';
import FileText from '@lucide/svelte/icons/file-text';
import FileUp from '@lucide/svelte/icons/file-up';
import Building2 from '@lucide/svelte/icons/building-2';
import CircleUser from '@lucide/svelte/icons/circle-user';
import Gauge from '@lucide/svelte/icons/gauge';
import HandCoins from '@lucide/svelte/icons/hand-coins';
import House from '@lucide/svelte/icons/house';
import Layers from '@lucide/svelte/icons/layers';
import ListChecks from '@lucide/svelte/icons/list-checks';
import ReceiptText from '@lucide/svelte/icons/receipt-text';
import Scale from '@lucide/svelte/icons/scale';
import UserPlus from '@lucide/svelte/icons/user-plus';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Users from '@lucide/svelte/icons/users';
import WalletCards from '@lucide/svelte/icons/wallet-cards';
import type { Component } from 'svelte';
import type { Role } from '#domain/codes.ts';
import { m } from '#web/paraglide/messages.js';

type Place = {
  href: string;
  /** After "g" it leads there. */
  key?: string;
  label: string;
  icon: Component<{ size?: number }>;
  badge?: 'notices' | 'offers' | 'financing' | 'running';
};

const holders: Role[] = ['supplier', 'bank', 'core_enterprise'];

/** Each with the roles that it is for; none: for everybody. */
const PLACES: ((
  roles: readonly Role[],
) => Place & { for?: readonly (Role | 'operator' | 'member' | 'person')[] })[] = [
  () => ({ href: '/', key: 'h', label: m.home(), icon: House }),
  () => ({ href: '/notices', label: m.notices(), icon: Bell, badge: 'notices' }),
  () => ({ href: '/operator', key: 'm', label: m.members_admin(), icon: Users, for: ['operator'] }),
  () => ({ href: '/applications', label: m.applications(), icon: FileCheck, for: ['operator'] }),
  () => ({ href: '/rules', key: 'r', label: m.rule_packs(), icon: Scale, for: ['operator', 'regulator'] }),
  () => ({ href: '/imports', key: 'i', label: m.import_payables(), icon: FileUp, for: ['core_enterprise'] }),
  () => ({ href: '/invitations', label: m.invite_suppliers(), icon: UserPlus, for: ['core_enterprise'] }),
  () => ({
    href: '/bills',
    key: 'b',
    label: m.bills(),
    icon: FileText,
    for: ['core_enterprise', 'regulator', 'guarantor'],
  }),
  () => ({
    href: '/offers',
    key: 'o',
    label: m.offers(),
    icon: ArrowDownToLine,
    badge: 'offers',
    for: holders,
  }),
  () => ({ href: '/invoices', label: m.my_invoices(), icon: ReceiptText, for: ['supplier'] }),
  (roles) => ({
    href: '/holdings',
    key: 'p',
    label: roles.includes('bank') ? m.portfolio() : m.holdings(),
    icon: Layers,
    for: holders,
  }),
  () => ({
    href: '/financing',
    key: 'f',
    label: m.financing(),
    icon: HandCoins,
    badge: 'financing',
    for: ['supplier', 'bank'],
  }),
  (roles) => ({
    href: '/costs',
    key: 'y',
    label: roles.includes('bank') ? m.deals_of_bank() : m.cost_of_money(),
    icon: ChartLine,
    for: ['supplier', 'bank'],
  }),
  () => ({ href: '/portfolio', key: 'a', label: m.portfolio_analysis(), icon: ChartPie, for: ['bank'] }),
  () => ({ href: '/lines', key: 'l', label: m.lines(), icon: Gauge, for: ['bank', 'regulator'] }),
  () => ({ href: '/payments', key: 'x', label: m.payments(), icon: WalletCards, for: ['core_enterprise'] }),
  () => ({ href: '/calendar', key: 'c', label: m.calendar(), icon: CalendarDays, for: holders }),
  () => ({
    href: '/cash',
    key: 'd',
    label: m.cash(),
    icon: Banknote,
    for: [...holders, 'settlement_bank', 'guarantor'],
  }),
  () => ({ href: '/members', key: 'm', label: m.members(), icon: Users, for: ['member'] }),
  () => ({
    href: '/activity',
    key: 'v',
    label: m.activity(),
    icon: ListChecks,
    badge: 'running',
    for: ['operator', 'member'],
  }),
  () => ({ href: '/firm', key: 'u', label: m.our_people(), icon: Building2, for: ['operator', 'member'] }),
  () => ({ href: '/me', label: m.my_account(), icon: CircleUser, for: ['person'] }),
  () => ({
    href: '/audit',
    key: 't',
    label: m.audit_trail(),
    icon: ScrollText,
    for: ['operator', 'member'],
  }),
];

/** Whoever looks at the menu: a member with its roles, the operator, a person with a seat or without. */
export type Looker = {
  readonly roles: readonly Role[];
  readonly isOperator: boolean;
  readonly isMember: boolean;
  readonly isPerson: boolean;
};

export const placesFor = ({ roles, isOperator, isMember, isPerson }: Looker): Place[] =>
  PLACES.map((place) => place(roles)).filter(
    ({ for: whom }) =>
      whom === undefined ||
      (isPerson && whom.includes('person')) ||
      (isOperator && whom.includes('operator')) ||
      (isMember && (whom.includes('member') || roles.some((role) => whom.includes(role)))),
  );

/** All routes by name: one line for each capability. The handlers are registered by these names. */
import { appealRoutes } from '../appeals/schema.ts';
import { applicationRoutes } from '../applications/schema.ts';
import { auditRoutes } from '../audit/schema.ts';
import { accountRoutes } from '../accounts/schema.ts';
import { branchRoutes } from '../branches/schema.ts';
import { billRoutes } from '../bills/schema.ts';
import { cashRoutes } from '../cash/schema.ts';
import { documentRoutes } from '../documents/schema.ts';
import { holdingRoutes } from '../holdings/schema.ts';
import { homeRoutes } from '../home/schema.ts';
import { importRoutes } from '../imports/schema.ts';
import { instructionRoutes } from '../instructions/schema.ts';
import { invitationRoutes } from '../invitations/schema.ts';
import { invoiceRoutes } from '../invoices/schema.ts';
import { leavingRoutes } from '../leaving/schema.ts';
import { lineRoutes } from '../lines/schema.ts';
import { memberRoutes } from '../members/schema.ts';
import { recoveryRoutes } from '../members/recovery-schema.ts';
import { noticeRoutes } from '../notices/schema.ts';
import { offerRoutes } from '../offers/schema.ts';
import { operatorRoutes } from '../operator/schema.ts';
import { peopleRoutes } from '../people/schema.ts';
import { ruleRoutes } from '../rules/schema.ts';
import { saleRoutes } from '../sales/schema.ts';
import { sessionRoutes } from '../sessions/schema.ts';
import { statusRoutes } from '../status/schema.ts';
import { supervisionRoutes } from '../supervision/schema.ts';
import type { Route } from './route.ts';

export const routes = {
  ...sessionRoutes,
  ...peopleRoutes,
  ...noticeRoutes,
  ...applicationRoutes,
  ...invitationRoutes,
  ...appealRoutes,
  ...memberRoutes,
  ...recoveryRoutes,
  ...accountRoutes,
  ...branchRoutes,
  ...billRoutes,
  ...documentRoutes,
  ...holdingRoutes,
  ...offerRoutes,
  ...homeRoutes,
  ...cashRoutes,
  ...lineRoutes,
  ...invoiceRoutes,
  ...importRoutes,
  ...saleRoutes,
  ...instructionRoutes,
  ...ruleRoutes,
  ...supervisionRoutes,
  ...operatorRoutes,
  ...auditRoutes,
  ...leavingRoutes,
  ...statusRoutes,
} satisfies Record<string, Route>;

/** All routes by name: one line for each capability. The handlers are registered by these names. */
import { billRoutes } from '../bills/schema.ts';
import { cashRoutes } from '../cash/schema.ts';
import { holdingRoutes } from '../holdings/schema.ts';
import { homeRoutes } from '../home/schema.ts';
import { importRoutes } from '../imports/schema.ts';
import * as acts from '../instructions/schema.ts';
import { invoiceRoutes } from '../invoices/schema.ts';
import { lineRoutes } from '../lines/schema.ts';
import { memberRoutes } from '../members/schema.ts';
import { offerRoutes } from '../offers/schema.ts';
import { operatorRoutes } from '../operator/schema.ts';
import { ruleRoutes } from '../rules/schema.ts';
import { saleRoutes } from '../sales/schema.ts';
import { sessionRoutes } from '../sessions/schema.ts';
import { statusRoutes } from '../status/schema.ts';
import { supervisionRoutes } from '../supervision/schema.ts';
import { route, type Route } from './route.ts';

const instructionRoutes = {
  prepareAct: route('POST', '/api/acts/prepare', 'members', acts.prepareAct),
  submitAct: route('POST', '/api/acts/:id/submit', 'members', acts.submitAct),
  getAct: route('GET', '/api/acts/:id', 'members', acts.getAct),
  listActs: route('GET', '/api/acts', 'members', acts.listActs),
};

export const routes = {
  ...sessionRoutes,
  ...memberRoutes,
  ...billRoutes,
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
  ...statusRoutes,
} satisfies Record<string, Route>;

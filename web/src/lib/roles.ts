import type { Role } from '#domain/codes.ts';
import { comma } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';

export const ROLE_NAMES: Record<Role, () => string> = {
  core_enterprise: m.role_core_enterprise,
  supplier: m.role_supplier,
  bank: m.role_bank,
  guarantor: m.role_guarantor,
  regulator: m.role_regulator,
  warehouse: m.role_warehouse,
  settlement_bank: m.role_settlement_bank,
};

export const roleNames = (roles: readonly Role[]): string =>
  roles.map((role) => ROLE_NAMES[role]()).join(comma());

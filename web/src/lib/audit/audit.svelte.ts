/** The audit trail, as far as who looks may read it. */
import { AUDIT_ACTIONS, auditActions, isForOperator, type AuditAction } from '#domain/audit/actions.ts';
import { api } from '#web/api/client.ts';
import type { AuditEntry, AuditTrail } from '#web/api/schema.ts';
import { text } from '#web/format.ts';
import { filter } from '#web/state/address.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

export const titleOfAction = (action: AuditAction): string => text(AUDIT_ACTIONS[action].title);

/** Actions that one may ask for, as far as who looks can find them. */
export const actionsShown = (): readonly AuditAction[] =>
  session.isOperator ? auditActions.filter(isForOperator) : auditActions;

export class AuditState {
  readonly entries = new PagedQuery<AuditEntry>(
    (page, signal) => {
      const asked = filter('action');
      const action = auditActions.find((name) => name === asked);
      const [from, to, subject] = [filter('from'), filter('to'), filter('subject')];
      return api.auditEntries(
        {
          ...(action ? { action } : {}),
          ...(subject ? { subject } : {}),
          ...(from ? { from } : {}),
          ...(to ? { to } : {}),
          ...page,
        },
        signal,
      );
    },
    { keep: true },
  );
  readonly trail = new Query<AuditTrail>((signal) => api.auditTrail(signal));
}

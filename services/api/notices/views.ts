/** From notices, webhooks and deliveries to JSON; sentences are made here, in both languages. */
import type { NoticeRow } from '#db/notices/read.ts';
import type { DeliveryRow, Webhook } from '#db/notices/webhooks.ts';
import { formatMoney } from '#domain/money.ts';
import { groupOf, membersIn, pathOf, sentenceOf, titleOf, type Words } from '#domain/notices/notices.ts';
import type { Services } from '../services.ts';

export async function noticeViews(
  { names, deployment }: Pick<Services, 'names' | 'deployment'>,
  rows: readonly NoticeRow[],
) {
  const refOf = await names.of(rows.flatMap(membersIn));
  const money = (amount: string, locale: string) => formatMoney(BigInt(amount), deployment.currency, locale);
  const words: Words = {
    name: (member) => refOf(member).name,
    money: (amount) => ({ zh: money(amount, 'zh-CN'), en: money(amount, 'en') }),
  };
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    group: groupOf(row),
    member: row.member,
    isPersonal: row.person_id !== null,
    at: row.at.toISOString(),
    title: { ...titleOf(row) },
    text: { ...sentenceOf(row, words) },
    path: pathOf(row),
    isRead: row.is_read,
    isRetracted: row.is_retracted,
  }));
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const webhookView = (hook: Webhook) => ({
  id: hook.id,
  url: hook.url,
  kinds: [...hook.kinds],
  createdAt: hook.createdAt.toISOString(),
  disabledAt: iso(hook.disabledAt),
  disabledWhy: hook.disabledWhy,
  oldSecretUntil: iso(hook.previousUntil),
  pausedUntil: iso(hook.pausedUntil),
});

export const deliveryView = (row: DeliveryRow) => ({
  id: row.id,
  notice: row.notice_id,
  kind: row.kind,
  state: row.state,
  attempts: row.attempts,
  createdAt: row.created_at.toISOString(),
  nextAt: row.state === 'waiting' ? row.next_at.toISOString() : null,
  sentAt: iso(row.sent_at),
  status: row.last_status,
  error: row.last_error,
});

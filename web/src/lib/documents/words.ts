import type { AttachmentKind } from '#domain/documents/kinds.ts';
import { m } from '#web/paraglide/messages.js';

type ReaderWord = 'acceptor' | 'payee' | 'holder' | 'offered' | 'pledgee' | 'regulator' | 'sight';

export const READER_WORDS: Readonly<Record<ReaderWord, () => string>> = {
  acceptor: m.reader_acceptor,
  payee: m.reader_payee,
  holder: m.reader_holder,
  offered: m.reader_offered,
  pledgee: m.reader_pledgee,
  regulator: m.reader_regulator,
  sight: m.reader_sight,
};

export const KIND_WORDS: Readonly<Record<AttachmentKind, () => string>> = {
  contract: m.attachment_contract,
  invoice: m.attachment_invoice,
  delivery: m.attachment_delivery,
  other: m.attachment_other,
};

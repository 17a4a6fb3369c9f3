import { m } from '#web/paraglide/messages.js';

export const KIND_NAMES = { CERTIFICATE: m.kind_certificate, DRAFT: m.kind_draft, LC_CLAIM: m.kind_lc_claim };

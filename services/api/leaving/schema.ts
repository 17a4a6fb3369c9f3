/** Leaving: all that is a firm's own, to be taken away, and whose signature it bears. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Address, strict, withProblems } from '../schemas/common.ts';

const leaving = { tags: ['leaving'] };

export const leavingRoutes = {
  exportEverything: route(
    'GET',
    '/api/export',
    'members',
    {
      ...leaving,
      summary: 'Everything of the firm, as an archive that can be verified offline',
      description:
        'A ZIP, sent while it is made: bills with sheets (PDF), documents and proofs against a block, tables (JSON and CSV), the audit ' +
        'trail, a signed manifest and the verifier. One at a time for a firm. Without its end it was broken off: ask again.',
      response: withProblems({
        200: {
          description: 'application/zip',
          content: { 'application/zip': { schema: Type.String() } },
        },
      }),
    },
    { right: 'administer', isFresh: true, perMinute: 6 },
  ),
  getExportSigner: route('GET', '/api/export/signer', 'everybody', {
    ...leaving,
    summary: 'Which address signs exports',
    response: withProblems({
      200: Type.Object({ signer: Address }, { ...strict, title: 'ExportSigner' }),
    }),
  }),
};

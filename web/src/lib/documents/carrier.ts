/** Documents over HTTP: ciphertext, public keys, and keys that are wrapped. */
import { http, said } from '#web/api/client.ts';
import { addressOf, forShown } from '#web/api/http.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { AttachedFile, operations, SignatureInput } from '#web/api/schema.ts';
import { getLocale } from '#web/paraglide/runtime.js';

type BodyOf<Name extends 'makeDocumentKey' | 'addDocumentKeyHolder' | 'addBillKey' | 'wrapBillKeys'> =
  operations[Name]['requestBody']['content']['application/json'];

const FILES = '/api/bills/{billNo}/documents';

export const carrier = {
  key: (signal?: AbortSignal) => said(http.GET('/api/document-key', signal === undefined ? {} : { signal })),
  makeKey: (body: BodyOf<'makeDocumentKey'>) => said(http.POST('/api/document-key', { body })),
  addHolder: (body: BodyOf<'addDocumentKeyHolder'>) => said(http.POST('/api/document-key/holders', { body })),
  giveKey: (id: string, wrapped: string) =>
    said(http.POST('/api/document-key/holders/{id}/give', { body: { wrapped }, params: { path: { id } } })),
  removeHolder: (id: string) =>
    said(http.DELETE('/api/document-key/holders/{id}', { params: { path: { id } } })),
  lacking: () => said(http.GET('/api/document-key/lacking')),
  list: (billNo: string, signal?: AbortSignal) =>
    said(http.GET(FILES, { params: { path: { billNo } }, ...(signal === undefined ? {} : { signal }) })),
  addBillKey: (billNo: string, body: BodyOf<'addBillKey'>) =>
    said(http.POST('/api/bills/{billNo}/documents/keys', { body, params: { path: { billNo } } })),
  wrap: (billNo: string, body: BodyOf<'wrapBillKeys'>) =>
    said(http.POST('/api/bills/{billNo}/documents/wraps', { body, params: { path: { billNo } } })),
  removeFile: (billNo: string, id: string) =>
    said(http.DELETE(`${FILES}/{id}`, { params: { path: { billNo, id } } })),
  prepareSight: (billNo: string, reader: number) =>
    said(
      http.POST('/api/bills/{billNo}/documents/sights', { body: { reader }, params: { path: { billNo } } }),
    ),
  submitSight: (id: string, digest: string, signatures: SignatureInput[]) =>
    said(http.POST('/api/sights/{id}/submit', { body: { digest, signatures }, params: { path: { id } } })),
  endSight: (id: string) => said(http.POST('/api/sights/{id}/end', { body: {}, params: { path: { id } } })),

  attach(
    billNo: string,
    fields: { id: string; billKey: string; facts: string },
    content: Uint8Array<ArrayBuffer>,
  ): Promise<AttachedFile> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    body.set('file', new Blob([content]));
    const headers = { 'accept-language': getLocale(), ...forShown() };
    const address = addressOf(FILES, { path: { billNo } });
    const call = fetch(address, { method: 'POST', body, headers }).then(async (response) => {
      const answer: unknown = await response.json().catch(() => ({}));
      return response.ok ? { data: answer as AttachedFile, response } : { error: answer, response };
    });
    return said<AttachedFile>(call);
  },

  async content(billNo: string, id: string): Promise<Uint8Array<ArrayBuffer>> {
    const address = addressOf(`${FILES}/{id}`, { path: { billNo, id } });
    const headers = { 'accept-language': getLocale(), ...forShown() };
    const response = await fetch(address, { headers }).catch(() => {
      throw new ApiProblem(0, {});
    });
    if (!response.ok)
      throw new ApiProblem(response.status, (await response.json().catch(() => ({}))) as object);
    return new Uint8Array(await response.arrayBuffer());
  },
};

import { describe, expect, it } from 'vitest';
import { factsOf, readFacts } from '#domain/documents/facts.ts';
import { attachmentTypeOf, savedName } from '#domain/documents/kinds.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('a document', () => {
  it.each([
    ['%PDF-1.7', 'application/pdf'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['<?xml version="1.0"?><a/>', 'application/xml'],
    ['\xef\xbb\xbf<?xml version="1.0"?><a/>', 'application/xml'],
    ['PK\x03\x04....OFD.xml....', 'application/ofd'],
    ['PK\x03\x04....word/document.xml', undefined],
    ['<html><script>alert(1)</script>', undefined],
    ['<svg onload="alert(1)"/>', undefined],
    ['MZ\x90', undefined],
    ['', undefined],
  ])('that begins with %j is %s', (text, type) => {
    expect(attachmentTypeOf(bytes(text))).toBe(type);
  });

  it('is saved under a name that ends as its bytes are, and leads nowhere', () => {
    expect(savedName('合同.pdf', 'application/pdf')).toBe('合同.pdf');
    expect(savedName('invoice.exe', 'application/pdf')).toBe('invoice.pdf');
    expect(savedName('../../etc/passwd', 'image/png')).not.toMatch(/[/\\]/);
    expect(savedName('a\u202Efdp.exe', 'image/png')).not.toContain('\u202E');
    expect(savedName('', 'application/xml')).toBe('document.xml');
  });

  it('is called what another member wrote only as far as it can be', () => {
    const facts = factsOf('contract', '  合同 ');
    expect(readFacts(JSON.stringify(facts))).toEqual({ kind: 'contract', name: '合同' });
    expect(readFacts('{"kind":"toString","name":7}')).toEqual({ kind: 'other', name: '' });
    expect(readFacts('null')).toEqual({ kind: 'other', name: '' });
    expect([...readFacts(JSON.stringify({ name: '𠀀'.repeat(900) })).name]).toHaveLength(200);
  });
});

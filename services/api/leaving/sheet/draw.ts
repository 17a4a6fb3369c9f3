/**
 * Draws sheets of bills as PDF, in a thread of its own: a page of Chinese takes a tenth of a second, in which nobody else shall wait.
 * The font is Noto Sans SC (OFL), of which a sheet carries the glyphs that it uses.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { create } from 'fontkit';
import PDFDocument from 'pdfkit';
import type { Sheet } from './sheet.ts';

const FONT = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf';
/** Read once: its tables cost more than a sheet does. */
const font = create(readFileSync(createRequire(import.meta.url).resolve(FONT)));

const GREY = '#64748b';
const INK = '#0f172a';

export function draw({ title, subject, madeAt, facts, tables, foot }: Sheet): Promise<Uint8Array> {
  const when = new Date(madeAt);
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 48,
    font: font as never,
    info: { Title: title, Subject: subject, Creator: 'Tallystick', CreationDate: when, ModDate: when },
  });
  const parts: Uint8Array[] = [];
  const done = new Promise<Uint8Array>((settle, fail) => {
    pdf.on('data', (part: Uint8Array) => parts.push(part));
    pdf.on('end', () => settle(Buffer.concat(parts)));
    pdf.on('error', fail);
  });
  pdf.fillColor(INK).fontSize(17).text(title);
  pdf.fillColor(GREY).fontSize(9).text(subject).moveDown();
  pdf.fontSize(9).fillColor(INK);
  pdf.table({
    columnStyles: [150, '*'],
    rowStyles: { border: { bottom: 0.5 }, borderColor: '#cbd5e1', padding: 4 } as never,
    data: facts.map((fact) => [...fact]),
  });
  for (const { heading, widths, columns, rows } of tables) {
    pdf.moveDown(1.5).fillColor(INK).fontSize(11).text(heading, 48).moveDown(0.5).fontSize(8);
    pdf.table({
      columnStyles: [...widths],
      rowStyles: { border: { bottom: 0.5 }, borderColor: '#e2e8f0', padding: 3 } as never,
      data: [[...columns], ...rows.map((row) => [...row])],
    });
  }
  pdf.moveDown(1.5).fillColor(GREY).fontSize(8).text(foot, 48);
  pdf.end();
  return done;
}

parentPort?.on('message', ({ id, sheet }: { id: number; sheet: Sheet }) => {
  draw(sheet).then(
    (bytes) => parentPort!.postMessage({ id, bytes }),
    (error: unknown) => parentPort!.postMessage({ id, failure: String(error) }),
  );
});

/** Pictures of docs/guide. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import type { Locale } from './visitor.ts';

/** Whether this run takes them: SCREENSHOTS=docs. */
export const isForGuide = process.env['SCREENSHOTS'] === 'docs';

const folder = resolve(import.meta.dirname, '../../../docs/guide/images');
/** Most that one picture may weigh (bytes). */
const HEAVY = 150_000;

/** Sheets slide in: everything that moves has come to rest, and was painted once more. */
const SETTLED = `Promise.race([
  Promise.all(document.getAnimations().map((moving) => moving.finished.catch(() => undefined))),
  new Promise((settle) => setTimeout(settle, 3000)),
]).then(() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle))))`;

export async function takePicture(page: Page, locale: Locale, name: string): Promise<void> {
  await page.waitForTimeout(800); // charts draw themselves
  await page.evaluate(SETTLED);
  const picture = await webp(page, await page.screenshot());
  if (picture.length > HEAVY) throw new Error(`${name} weighs ${picture.length} bytes`);
  mkdirSync(join(folder, locale), { recursive: true });
  writeFileSync(join(folder, locale, `${name}.webp`), picture);
}

/** Chromium's own encoder: a fraction of the PNG. On an empty page, where nothing forbids it. */
async function webp(page: Page, png: Buffer): Promise<Buffer> {
  const press = await page.context().newPage();
  const base64: string = await press.evaluate(`(async () => {
    const png = await (await fetch('data:image/png;base64,${png.toString('base64')}')).blob();
    const image = await createImageBitmap(png);
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.82 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
  })()`);
  await press.close();
  return Buffer.from(base64, 'base64');
}

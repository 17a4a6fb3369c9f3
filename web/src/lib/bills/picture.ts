/** The line and the endorsements of a bill as one picture that stands by itself; loaded when it is saved. */
import type { BillDetail } from '#web/api/schema.ts';
import { instant, money, moneyOf, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';
import { saveFile } from '#web/ui/save-file.ts';
import { shortBillNo } from '#web/words.ts';
import { colourOf, type Drawn } from './ribbon.ts';
import { placer, type Endorsement } from './tree.ts';

type Content = {
  bill: BillDetail;
  drawn: readonly Drawn[];
  holders: readonly number[];
  endorsements: readonly Endorsement[];
  /** The instant that is shown; now if left out. */
  at: string | undefined;
};

const WIDTH = 1200;
const EDGE = 40;
const LINE = WIDTH - 2 * EDGE;
const ROW = 34;
const FONT = "Inter, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";
/** Of a letter at this size, roughly: a label that does not fit is left out. */
const LETTER = 13;

const escape = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What a token of the page looks like outside of it, on white. */
function resolver(): (colour: string) => string {
  const probe = document.createElement('span');
  probe.style.colorScheme = 'light';
  document.body.append(probe);
  const known = new Map<string, string>();
  queueMicrotask(() => probe.remove());
  return (colour) => {
    const seen = known.get(colour);
    if (seen !== undefined) return seen;
    probe.style.color = colour;
    const value = getComputedStyle(probe).color;
    known.set(colour, value);
    return value;
  };
}

export function svgOf({ bill, drawn, holders, endorsements, at }: Content): string {
  const solid = resolver();
  const colour = (holder: number | null) => solid(colourOf(holder, session.me, holders));
  const place = placer(drawn);
  const label = (x: number, y: number, size: number, words: string, style = '') =>
    `<text x="${x.toFixed(1)}" y="${y}" font-size="${size}" ${style}>${escape(words)}</text>`;
  const box = (
    left: number,
    width: number,
    y: number,
    height: number,
    fill: string,
    title: string,
    opacity = 1,
  ) =>
    `<rect x="${(EDGE + left * LINE).toFixed(1)}" y="${y}" width="${Math.max(1, width * LINE - 1).toFixed(1)}" height="${height}" rx="3" fill="${fill}" fill-opacity="${opacity}"><title>${escape(title)}</title></rect>`;
  const ribbon = drawn.map((piece) =>
    box(
      piece.left,
      piece.width,
      100,
      52,
      colour(piece.holder),
      `${piece.holderName} ${moneyOf(piece.end - piece.first)}`,
    ),
  );
  const tree = endorsements.flatMap((each) => {
    const { left, width } = place(each);
    const y = 164 + (each.depth - 1) * ROW;
    const name = each.to ? text(each.to.name) : m.hidden_holder();
    const fits = name.length * LETTER < width * LINE - 12;
    return [
      box(
        left,
        width,
        y,
        ROW - 4,
        colour(each.to?.number ?? null),
        `${name} ${instant(each.at)}`,
        each.isLast ? 0.4 : 0.18,
      ),
      ...(fits ? [label(EDGE + left * LINE + 8, y + 20, 12, name)] : []),
    ];
  });
  const below = 190 + endorsements.reduce((most, each) => Math.max(most, each.depth), 0) * ROW;
  const legend = drawn.slice(0, 24).flatMap((piece, index) => {
    const [x, y] = [EDGE + (index % 3) * (LINE / 3), below + Math.floor(index / 3) * 24];
    return [
      `<rect x="${x}" y="${y}" width="12" height="12" rx="2" fill="${colour(piece.holder)}"/>`,
      label(x + 20, y + 11, 13, `${piece.holderName} ${moneyOf(piece.end - piece.first)}`),
    ];
  });
  const height = below + Math.ceil(Math.min(24, drawn.length) / 3) * 24 + 40;
  const muted = `fill="${solid('var(--color-ink-3)')}"`;
  const parties = `${text(bill.acceptor.name)} → ${text(bill.payee.name)} · ${m.due_on({ due: bill.due })}`;
  const when = at === undefined ? '' : instant(at);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="${FONT}" fill="${solid('var(--color-ink)')}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    label(
      EDGE,
      48,
      22,
      `${m.bill_named({ name: shortBillNo(bill.billNo) })} · ${money(bill.face)}`,
      'font-weight="600"',
    ),
    label(EDGE, 76, 14, parties, muted),
    label(WIDTH - EDGE, 76, 14, when, `text-anchor="end" ${muted}`),
    ...ribbon,
    ...tree,
    ...legend,
    label(
      EDGE,
      height - 16,
      12,
      `${m.product()} · ${shortBillNo(bill.billNo)} · ${m.block_no({ block: bill.asOf })}`,
      muted,
    ),
    '</svg>',
  ].join('\n');
}

export async function savePicture(format: 'svg' | 'png', content: Content): Promise<void> {
  const svg = svgOf(content);
  const name = `${m.bill_named({ name: shortBillNo(content.bill.billNo) })}-${session.today}.${format}`;
  saveFile(name, format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pngOf(svg));
}

/** Twice as fine as the screen. */
async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width * 2, image.height * 2);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/png' });
}

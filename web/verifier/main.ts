/** The page that verifies an export: one file, no network, nothing kept. What comes from the archive is shown as text alone. */
import {
  firmKeyOfExport,
  hasAttached,
  openAttached,
  type CodeTrouble,
  type OpenedDocument,
} from '#client/documents/taken.ts';
import { Archive } from '#domain/leaving/archive.ts';
import { checkExport, type ExportReport } from '#domain/leaving/check.ts';
import type { Manifest } from '#domain/leaving/format.ts';
import { sayFinding } from '#domain/leaving/findings.ts';
import { WORDS, type Language } from './words.ts';

type State =
  | { readonly is: 'waiting' | 'broken' }
  | { readonly is: 'busy'; readonly done: number; readonly all: number }
  | { readonly is: 'checked'; readonly report: ExportReport; readonly archive: Archive };

let language: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let state: State = { is: 'waiting' };
let opened: readonly OpenedDocument[] = [];
let trouble: CodeTrouble | undefined;
const main = document.querySelector('main')!;

type Child = Node | string;
type Attributes = Readonly<Record<string, string>>;

function make(tag: string, attributes: Attributes, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function show(): void {
  const words = WORDS[language];
  document.documentElement.lang = language;
  document.title = words.title;
  const toOther = make('button', { type: 'button', lang: language === 'zh' ? 'en' : 'zh' }, words.other);
  toOther.addEventListener('click', () => {
    language = language === 'zh' ? 'en' : 'zh';
    show();
  });
  const input = make('input', { type: 'file', accept: '.zip' }) as HTMLInputElement;
  input.addEventListener('change', () => void verify(input.files?.[0]));
  main.replaceChildren(
    make('header', {}, make('h1', {}, words.title), toOther),
    make('p', { class: 'quiet' }, words.lead),
    make('label', { class: 'file' }, words.choose, input),
    make('div', { role: 'status', 'data-state': state.is }, ...outcome()),
  );
}

function outcome(): Child[] {
  const words = WORDS[language];
  switch (state.is) {
    case 'waiting':
      return [];
    case 'broken':
      return [make('p', { class: 'verdict bad' }, words.broken)];
    case 'busy':
      return [
        make('p', {}, words.busy),
        make('progress', { max: String(state.all), value: String(state.done), 'aria-label': words.busy }),
      ];
    case 'checked':
      return [told(state.report), ...attached(state.report, state.archive)];
  }
}

function told(report: ExportReport): HTMLElement {
  const words = WORDS[language];
  const { findings, counts, manifest, signer } = report;
  const isGood = findings.length === 0;
  const parts: Child[] = [
    make(
      'p',
      { class: `verdict ${isGood ? 'good' : 'bad'}`, 'data-holds': String(isGood) },
      isGood ? words.good : words.bad(findings.length),
    ),
  ];
  if (manifest !== undefined)
    parts.push(
      make(
        'p',
        { class: 'quiet' },
        `${words.of(manifest.member.number, manifest.member.name[language])} · ${words.madeAt} ${manifest.madeAt}`,
      ),
    );
  if (findings.length > 0)
    parts.push(
      section(
        words.found,
        make(
          'ul',
          {},
          ...findings.map((finding) =>
            make(
              'li',
              { 'data-code': finding.code },
              make('code', {}, finding.file),
              ` ${sayFinding(finding)[language]}`,
            ),
          ),
        ),
      ),
    );
  if (manifest !== undefined) {
    // What was not found to differ may not have been looked at: all is told of only where all holds.
    if (isGood)
      parts.push(
        section(
          '',
          make('ul', {}, ...Object.values(words.holds).map((said) => make('li', {}, '✓ ', said(counts)))),
        ),
      );
    const { chain } = manifest;
    parts.push(
      section(
        words.outside,
        make('p', { class: 'quiet' }, words.outsideLead),
        make(
          'dl',
          {},
          make('dt', {}, words.blockHash(chain.chainId, chain.block.number)),
          make('dd', {}, make('code', { 'data-block': '' }, chain.block.hash)),
          make('dt', {}, words.signer),
          make('dd', {}, make('code', { 'data-signer': '' }, signer ?? words.nobody)),
        ),
      ),
    );
  }
  return make('div', { class: 'report' }, ...parts);
}

/** Documents that members attached, opened here by the firm's recovery code. Nothing of them is run or shown: they are saved. */
function attached({ manifest, findings }: ExportReport, archive: Archive): Child[] {
  if (manifest === undefined || findings.length > 0 || !hasAttached(archive)) return [];
  const words = WORDS[language];
  const code = make('input', { name: 'code', autocomplete: 'off', spellcheck: 'false' }) as HTMLInputElement;
  const form = make(
    'form',
    {},
    make('label', {}, words.code, code),
    make('button', { type: 'submit' }, words.openAll),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void openAll(archive, manifest, code.value);
  });
  const list = opened.map((document) => {
    if (document.plain === undefined)
      return make('li', {}, `${document.billNo} · ${document.id} · ${words.closed}`);
    const save = make('button', { type: 'button', 'data-document': document.name }, document.name);
    save.addEventListener('click', () => saveAs(document.name, document.plain!));
    return make('li', {}, `${document.billNo} · `, save);
  });
  return [
    section(
      words.attached,
      make('p', { class: 'quiet' }, words.attachedLead),
      form,
      ...(trouble === undefined
        ? []
        : [make('p', { class: 'verdict bad', 'data-trouble': trouble }, words.trouble[trouble])]),
      ...(list.length > 0 ? [make('ul', {}, ...list)] : []),
    ),
  ];
}

async function openAll(archive: Archive, manifest: Manifest, code: string): Promise<void> {
  const firm = await firmKeyOfExport(archive, manifest, code);
  const isOpen = typeof firm !== 'string';
  trouble = isOpen ? undefined : firm;
  const documents: OpenedDocument[] = [];
  if (isOpen) for await (const document of openAttached(archive, manifest, firm)) documents.push(document);
  opened = documents;
  show();
}

function saveAs(name: string, content: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const section = (title: string, ...children: readonly Child[]): HTMLElement =>
  make('section', {}, ...(title === '' ? [] : [make('h2', {}, title)]), ...children);

/** The page stays alive meanwhile: it is drawn anew at most ten times a second. */
async function verify(file: Blob | undefined): Promise<void> {
  if (file === undefined) return;
  let drawn = 0;
  [opened, trouble] = [[], undefined];
  state = { is: 'busy', done: 0, all: 1 };
  show();
  try {
    const archive = await Archive.open(file);
    const report = await checkExport(archive, (done, all) => {
      if (performance.now() - drawn < 100) return;
      drawn = performance.now();
      state = { is: 'busy', done, all };
      show();
    });
    state = { is: 'checked', report, archive };
  } catch {
    state = { is: 'broken' };
  }
  show();
}

addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  void verify(event.dataTransfer?.files[0]);
});
show();

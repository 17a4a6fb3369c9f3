/**
 * Checks an export, with nothing but its archive at hand:
 *
 * 1) every file is the one that the manifest names, and the manifest is the one that was signed;
 * 2) the header hashes to the block of the manifest, the ledger's account leads from its state root, and every word of a bill from
 *    the account's storage root;
 * 3) the acts of a bill give the trail that is stored, its parcels its line, their words the ledger hashes, payments their sums;
 * 4) documents are those of the issue, attached ones those whose hash is told, cash adds up, the audit trail is a chain.
 *
 * What the archive cannot say: that the block is on the chain, and whose address signed. Both are told, to be compared.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { TrailCheck, type CheckedLink } from '../audit/check.ts';
import type { ChainedEntry } from '../audit/chain.ts';
import { parseAmount } from '../money.ts';
import type { Archive } from './archive.ts';
import { readHeader, storageRoot } from './chain-words.ts';
import { BillCheck, type BillCounts } from './check-bill.ts';
import type { Finding, FindingCode } from './findings.ts';
import {
  FILES,
  FORMAT,
  messageFor,
  readCanonical,
  type AttachedExport,
  type BillExport,
  type BillProof,
  type BlockProof,
  type FirmExport,
  type Manifest,
  type Signature,
} from './format.ts';
import { bytesOf, hexOf, keccakOf, type Hex } from './hex.ts';
import { nodesOf, NotProven } from './trie.ts';

export type ExportReport = {
  /** The first in the order of the checks, at most {@link MOST}. */
  readonly findings: readonly Finding[];
  /** undefined: there is no manifest that can be read. */
  readonly manifest: Manifest | undefined;
  /** Whose signature of the manifest it is; undefined: nobody's. */
  readonly signer: string | undefined;
  readonly counts: Readonly<BillCounts> & {
    readonly files: number;
    readonly bills: number;
    readonly entries: number;
  };
};

const MOST = 200;

type Progress = (done: number, all: number) => void;

/** Throws nothing: what cannot be read is a finding. */
export async function checkExport(archive: Archive, progress: Progress = () => {}): Promise<ExportReport> {
  const check = new ExportCheck(archive, progress);
  await check.run();
  return check.report();
}

class ExportCheck {
  readonly #archive: Archive;
  readonly #progress: Progress;
  readonly #findings: Finding[] = [];
  #manifest: Manifest | undefined;
  #signer: string | undefined;
  #root: Hex | undefined;
  readonly #counts = { files: 0, bills: 0, entries: 0, words: 0, acts: 0, hiddenActs: 0, parcels: 0 };
  /** Files that are as the manifest names them: the others are not read any further. */
  readonly #sound = new Set<string>();

  constructor(archive: Archive, progress: Progress) {
    this.#archive = archive;
    this.#progress = progress;
  }

  report(): ExportReport {
    return {
      findings: this.#findings.slice(0, MOST),
      manifest: this.#manifest,
      signer: this.#signer,
      counts: this.#counts,
    };
  }

  async run(): Promise<void> {
    for (const name of this.#archive.twice) this.#find('FILE_TWICE', name);
    await this.#reading(FILES.manifest, () => this.#readManifest());
    const manifest = this.#manifest;
    if (manifest === undefined) return;
    await this.#files(manifest);
    await this.#ifSound(FILES.block, () => this.#block(manifest));
    for (const [n, billNo] of manifest.bills.entries()) {
      this.#progress(n, manifest.bills.length);
      await this.#ifSound(FILES.bill(billNo), () => this.#bill(billNo));
    }
    await this.#ifSound(FILES.firm, () => this.#firm(manifest));
    await this.#ifSound(FILES.audit, () => this.#audit());
  }

  #find(code: FindingCode, file: string, place = ''): void {
    this.#findings.push({ code, file, place });
  }

  async #reading(file: string, work: () => Promise<void>): Promise<void> {
    try {
      if (this.#archive.has(file)) await work();
      else this.#find('FILE_MISSING', file);
    } catch (error) {
      this.#find('FILE_UNREADABLE', file, error instanceof Error ? error.message.slice(0, 200) : '');
    }
  }

  async #ifSound(file: string, work: () => Promise<void>): Promise<void> {
    if (this.#sound.has(file)) await this.#reading(file, work);
  }

  #json = async <T>(file: string): Promise<T> => readCanonical<T>(await this.#archive.text(file));

  async #readManifest(): Promise<void> {
    const text = await this.#archive.text(FILES.manifest);
    const manifest = readCanonical<Manifest>(text);
    if (manifest.format !== FORMAT || !Array.isArray(manifest.bills)) throw new Error(`not ${FORMAT}`);
    this.#manifest = manifest;
    await this.#reading(FILES.signature, async () => {
      const signature = await this.#json<Signature>(FILES.signature);
      const message = messageFor(bytesToHex(sha256(utf8ToBytes(text))));
      const signer = message === signature.message ? signerOf(signature) : undefined;
      if (signer?.toLowerCase() === signature.signer.toLowerCase()) this.#signer = signature.signer;
      else this.#find('SIGNATURE_WRONG', FILES.signature);
    });
  }

  async #files({ files, bills }: Manifest): Promise<void> {
    const needed = [
      FILES.firm,
      FILES.audit,
      FILES.block,
      ...bills.flatMap((no) => [FILES.bill(no), FILES.proof(no)]),
    ];
    for (const name of needed) if (!Object.hasOwn(files, name)) this.#find('FILE_MISSING', name);
    for (const name of this.#archive.names)
      if (!Object.hasOwn(files, name) && name !== FILES.manifest && name !== FILES.signature)
        this.#find('FILE_UNKNOWN', name);
    const all = Object.entries(files);
    for (const [n, [name, { sha256: told, size }]] of all.entries()) {
      this.#progress(n, all.length);
      await this.#reading(name, async () => {
        const facts = await this.#archive.facts(name);
        this.#counts.files++;
        if (facts.sha256 === told && facts.size === size) this.#sound.add(name);
        else this.#find('FILE_ALTERED', name);
      });
    }
  }

  async #block({ chain }: Manifest): Promise<void> {
    const { header, nodes } = await this.#json<BlockProof>(FILES.block);
    try {
      const block = readHeader(bytesOf(header));
      if (block.hash !== chain.block.hash) return this.#find('BLOCK_DIFFERS', FILES.block, 'hash');
      if (String(block.number) !== chain.block.number)
        return this.#find('BLOCK_DIFFERS', FILES.block, 'number');
      this.#root = storageRoot(block.stateRoot, chain.contracts['bills']!, nodesOf(nodes));
    } catch (error) {
      if (!(error instanceof NotProven)) throw error;
      this.#find('NOT_PROVEN', FILES.block, 'bills');
    }
  }

  async #bill(billNo: string): Promise<void> {
    const bill = await this.#json<BillExport>(FILES.bill(billNo));
    if (bill.billNo !== billNo) return this.#find('EXPORT_DIFFERS', FILES.bill(billNo), 'billNo');
    await this.#ifSound(FILES.proof(billNo), async () => {
      const check = new BillCheck(bill, await this.#json<BillProof>(FILES.proof(billNo)), this.#root);
      check.check();
      this.#findings.push(...check.findings);
      this.#counts.bills++;
      for (const name of ['words', 'acts', 'hiddenActs', 'parcels'] as const)
        this.#counts[name] += check.counts[name];
    });
    for (const { file, kind, keccak256 } of bill.documents)
      await this.#reading(file, async () => {
        const hash = hexOf(keccakOf(await this.#archive.bytes(file)));
        if (hash !== keccak256 || (kind === 'terms' && hash !== bill.documentHash))
          this.#find('DOCUMENT_DIFFERS', file);
      });
    const attached = FILES.attached(billNo);
    if (this.#archive.has(attached)) await this.#ifSound(attached, () => this.#attached(billNo, attached));
  }

  /** Ciphertexts are those of which the uploader's firm and the audit trail have the hash. */
  async #attached(billNo: string, name: string): Promise<void> {
    const listed = await this.#json<AttachedExport>(name);
    if (listed.billNo !== billNo) return this.#find('EXPORT_DIFFERS', name, 'billNo');
    for (const { id, file, sha256: told, removedAt } of listed.files) {
      if (file !== (removedAt === null ? FILES.sealed(billNo, id) : null))
        this.#find('EXPORT_DIFFERS', name, id);
      else if (file !== null)
        await this.#reading(file, async () => {
          if ((await this.#archive.facts(file)).sha256 !== told) this.#find('ATTACHED_DIFFERS', file);
        });
    }
  }

  async #firm(manifest: Manifest): Promise<void> {
    const firm = await this.#json<FirmExport>(FILES.firm);
    if (firm.member.number !== manifest.member.number)
      return this.#find('EXPORT_DIFFERS', FILES.firm, 'member');
    const { accounts, balance, currency, tables } = firm;
    const own = new Set(accounts);
    const amount = (text: string) => parseAmount(text, currency);
    const sum = tables.cash_entries.reduce(
      (rest, entry) =>
        rest +
        (entry.toAccount !== null && own.has(entry.toAccount) ? amount(entry.amount) : 0n) -
        (entry.fromAccount !== null && own.has(entry.fromAccount) ? amount(entry.amount) : 0n),
      0n,
    );
    if (sum !== amount(balance)) this.#find('SUM_DIFFERS', FILES.firm, 'balance');
  }

  async #audit(): Promise<void> {
    const check = new TrailCheck([]);
    let number = 0; // of the line
    await this.#archive.lines(FILES.audit, (text) => {
      number++;
      const line = JSON.parse(text) as { link: CheckedLink; entries: ChainedEntry[] };
      const entries = new Map(line.entries.map((entry) => [entry.id, entry]));
      this.#counts.entries += entries.size;
      const known = new Set('entries' in line.link ? line.link.entries : []);
      for (const id of entries.keys())
        if (!known.has(id)) this.#find('AUDIT_DIFFERS', FILES.audit, `line ${number}: entry inserted ${id}`);
      for (const finding of check.link(line.link, entries, false))
        this.#find(
          'AUDIT_DIFFERS',
          FILES.audit,
          `line ${number}: ${finding.what} ${'entry' in finding ? finding.entry : finding.link}`,
        );
    });
    // That it was made stands there itself.
    if (number === 0) this.#find('AUDIT_DIFFERS', FILES.audit, 'line 1: link missing 1');
  }
}

/** Who signed a message as wallets do (EIP-191); undefined: it is no signature. */
function signerOf({ message, signature }: Signature): string | undefined {
  try {
    const bytes = bytesOf(signature);
    const text = utf8ToBytes(message);
    const prefix = utf8ToBytes(`\x19Ethereum Signed Message:\n${text.length}`);
    const recovered = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact').addRecoveryBit(
      bytes[64]! - 27,
    );
    const key = recovered.recoverPublicKey(keccakOf(concatBytes(prefix, text))).toBytes(false);
    return hexOf(keccakOf(key.subarray(1)).subarray(12));
  } catch {
    return undefined;
  }
}

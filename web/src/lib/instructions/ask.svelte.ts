/** The default sheet of an instruction: it asks for the one thing that the page does not know already. */
import type { MemberInstructionName } from '#domain/instructions/instructions.ts';
import type { InstructionInput } from '#web/api/client.ts';
import { m } from '#web/paraglide/messages.js';
import { Form } from '#web/ui/form.svelte.ts';
import { flows, type SheetView } from './flow.svelte.ts';
import { ASKS } from './titles.ts';

/** What is asked for, and what the page knows of it. */
export type Ask = {
  readonly name: MemberInstructionName;
  /** Fields that the page fills in, such as the parcel. */
  readonly known: Readonly<Record<string, unknown>>;
  readonly view: SheetView;
  readonly hint?: string;
  /** Bounds of a date that is asked for. */
  readonly dates?: { readonly min?: string | undefined; readonly max?: string | undefined };
};

const LABELS: Readonly<Record<string, () => string>> = {
  until: m.take_until,
  reason: m.reason,
  reference: m.payment_reference,
};

export class AskForm extends Form {
  readonly ask: Ask;
  /** The field that is asked for; throws where that is more than one, or no date and no text. */
  readonly field: string;
  readonly isDate: boolean;
  value = $state('');

  constructor(ask: Ask) {
    super();
    this.ask = ask;
    const open = Object.entries(ASKS[ask.name]).filter(([field]) => !(field in ask.known));
    const [[field, asked] = ['', ''], ...more] = open;
    const kind = typeof asked === 'string' ? asked : asked.field;
    if (more.length > 0 || (kind !== 'date' && kind !== 'words'))
      throw new Error(`${ask.name} wants a sheet of its own`);
    this.field = field;
    this.isDate = kind === 'date';
  }

  get label(): string {
    return LABELS[this.field]?.() ?? this.field;
  }

  get isReady(): boolean {
    return this.value.trim() !== '';
  }

  prepare(): Promise<boolean> {
    const { name, known, view } = this.ask;
    const value = this.value.trim();
    const facts = [...(view.facts ?? []), { label: this.label, value }];
    const instruction = { type: name, ...known, [this.field]: value } as InstructionInput;
    return this.run(() => flows.begin(instruction, { ...view, facts }));
  }
}

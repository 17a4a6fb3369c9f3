/** A way to a person. Mail is one; another is an object like this, handed to the notifier: see README.md. */
import type { Channel } from '#domain/notices/channels.ts';
import type { AddressOf } from '#db/notices/dispatch.ts';
import type { Language } from '#db/people/persons.ts';

/** What is said, in the language of who reads it. Nothing in it is secret; names and amounts only where the person wants them. */
export type Message = {
  /** The same at each try: the other side can tell a repetition. */
  readonly id: string;
  readonly address: string;
  readonly language: Language;
  readonly subject: string;
  /** One, or what gathered. */
  readonly items: readonly { readonly title: string; readonly detail?: string; readonly link: string }[];
  /** Where one says what one wants to hear of. */
  readonly preferences: string;
};

export interface PersonChannel {
  readonly name: Exclude<Channel, 'inbox'>;
  /** Undefined: the person cannot be reached this way. */
  readonly addressOf: AddressOf;
  /** Resolves when the other side has it. Throws {@link Undeliverable} where another try is no use; anything else is tried again. */
  send(message: Message): Promise<void>;
  close(): Promise<void>;
}

/** The other side will never take this. */
export class Undeliverable extends Error {}

/** Under which address people open the product: passkeys are bound to it. */

/** `http://localhost:PORT` unless said otherwise: a passkey needs a name, and 127.0.0.1 is none. */
export class Site {
  #origin: string | undefined;

  /** @param origin As browsers write it, without a path. */
  constructor(origin: string | undefined) {
    this.#origin = origin;
  }

  /** Told when it is known; what the settings say stands. */
  listensAt(port: number): void {
    this.#origin ??= `http://localhost:${port}`;
  }

  get origin(): string {
    if (this.#origin === undefined) throw new Error('asked for the address before the API listens');
    return this.#origin;
  }

  /** What passkeys are made for (WebAuthn: relying party id). */
  get name(): string {
    return new URL(this.origin).hostname;
  }

  /** Where somebody opens an invitation. The secret stands behind the #, so it is in nobody's log. */
  linkFor(secret: string): string {
    return `${this.origin}/join#${secret}`;
  }

  /** Where a firm that is invited begins its application, or a colleague takes part in one. */
  applicationLinkFor(secret: string): string {
    return `${this.origin}/apply/by-link#${secret}`;
  }
}

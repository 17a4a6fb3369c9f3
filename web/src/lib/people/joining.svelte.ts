import { api } from '#web/api/client.ts';
import type { LinkLook } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { getLocale } from '#web/paraglide/runtime.js';
import { session } from '#web/state/session.svelte.ts';
import { deviceName, makePasskey } from './passkey.ts';

/** Somebody comes in: with a link, or to apply for a firm. */
export class Joining extends Form {
  /** What stands behind the # of the link; undefined: none. */
  readonly secret: string | undefined;
  link = $state.raw<LinkLook>();
  /** The link was looked at, or there is none. */
  isKnown = $state(false);
  name = $state('');
  email = $state('');
  device = $state(deviceName());

  constructor(hash: string) {
    super();
    this.secret = /^#[\w-]{43}$/.test(hash) ? hash.slice(1) : undefined;
  }

  async look(): Promise<void> {
    await this.run(async () => {
      if (this.secret !== undefined) this.link = await api.lookAtLink(this.secret);
      await session.load();
    });
    this.isKnown = true;
  }

  get isForDevice(): boolean {
    return this.link?.purpose === 'device';
  }

  get isReady(): boolean {
    return this.device.trim() !== '' && (this.isForDevice || this.name.trim() !== '');
  }

  /** As a new person, or with a new device of one. */
  register(): Promise<boolean> {
    const { secret, name, email, device } = this;
    return this.run(async () => {
      const { options } = await api.beginRegistration({
        ...(secret === undefined ? {} : { secret }),
        ...(this.isForDevice ? {} : { name: name.trim() }),
        ...(email.trim() === '' || this.isForDevice ? {} : { email: email.trim() }),
        language: getLocale(),
      });
      await api.finishRegistration(await makePasskey(options), device.trim());
      await session.entered();
    });
  }

  /** As who is signed in already. */
  accept(): Promise<boolean> {
    return this.run(async () => {
      await api.acceptLink(this.secret!);
      await session.entered();
    });
  }
}

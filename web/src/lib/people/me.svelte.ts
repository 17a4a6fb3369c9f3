import { api } from '#web/api/client.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { deviceName, makePasskey } from './passkey.ts';

/** What is one's own: devices and sessions. */
export class Mine extends Form {
  readonly devices = new Query(async (signal) => (await api.devices(signal)).items, { live: false });
  readonly sessions = new Query(async (signal) => (await api.sessions(signal)).items, { live: false });
  /** A link for another device, once it is made. */
  link = $state<string>();

  addThis(): Promise<boolean> {
    return this.change(async () => {
      const { options } = await api.beginDevice();
      await api.finishDevice(await makePasskey(options), deviceName());
    });
  }

  linkOther(): Promise<boolean> {
    return this.change(async () => {
      this.link = (await api.linkDevice()).url;
    });
  }

  rename = (id: string, name: string): Promise<boolean> => this.change(() => api.renameDevice(id, name));
  revoke = (id: string): Promise<boolean> => this.change(() => api.revokeDevice(id));
  close = (id: string): Promise<boolean> => this.change(() => api.closeOneSession(id));

  async closeAll(): Promise<void> {
    await this.run(async () => {
      await api.closeAllSessions();
      await session.lost();
    });
  }

  /** Who signed in a while ago shows first that it is still he. */
  private change(work: () => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      await work();
      await Promise.all([this.devices.refresh(), this.sessions.refresh()]);
    });
  }
}

/** Name, e-mail and language. */
export class MeForm extends Form {
  name = $state(session.person?.name ?? '');
  email = $state(session.person?.email ?? '');

  save(): Promise<boolean> {
    const { name, email } = this;
    return this.run(async () => {
      await api.changeMe({ name: name.trim(), email: email.trim() === '' ? null : email.trim() });
      await session.load();
    });
  }
}

import { api } from '#web/api/client.ts';
import type { Import } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

/** Files of payables that came in, and one that is coming. */
export class UploadState extends Form {
  readonly list = new PagedQuery<Import>((page, signal) => api.imports(page, signal));
  isOver = $state(false);

  /** The id of the import, when the file could be read. */
  async upload(file: File | undefined): Promise<string | undefined> {
    let id: string | undefined;
    if (file) await this.run(async () => void (id = (await api.upload(file)).id));
    return id;
  }
}

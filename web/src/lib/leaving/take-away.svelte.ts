import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';

/** Everything of the firm: the browser saves it while it is made, whatever its size. */
export class TakeAway extends Form {
  isBegun = $state(false);

  begin(): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      const link = document.createElement('a');
      link.href = '/api/export';
      link.download = '';
      link.click();
      this.isBegun = true;
    });
  }
}

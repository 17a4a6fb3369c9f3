import { asProblem, type ApiProblem } from '#web/api/problem.ts';

/** A form that asks the server: busy while it does, and what the server refused. */
export class Form {
  busy = $state(false);
  problem = $state.raw<ApiProblem>();

  async run(work: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.problem = undefined;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

import type { Queue } from '../model/queue.ts';
import type { Decision } from './policy/decide.ts';

/**
 * What was decided of a queue, for as long as it is as it is: a queue that was changed is another object. Only what hung on
 * no circumstance of the request is kept, and the askers are users, so there are no more than users times actions.
 */
export class Decisions {
  private readonly byQueue = new WeakMap<Queue, Map<string, Decision>>();

  find(queue: Queue, question: string): Decision | undefined {
    return this.byQueue.get(queue)?.get(question);
  }

  keep(queue: Queue, question: string, decision: Decision): void {
    const known = this.byQueue.get(queue);
    if (known === undefined) this.byQueue.set(queue, new Map([[question, decision]]));
    else known.set(question, decision);
  }
}

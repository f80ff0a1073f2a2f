import type { Decision } from './policy/decide.ts';
import type { PolicyHolder } from './resource-policies.ts';

/**
 * What was decided of a queue or topic, for as long as it is as it is: one that was changed is another object. Only what hung
 * on no circumstance of the request is kept, and the askers are users and, of a queue, the topics that it is subscribed to, so
 * there are no more than those times actions.
 */
export class Decisions {
  private readonly byHolder = new WeakMap<PolicyHolder, Map<string, Decision>>();

  find(holder: PolicyHolder, question: string): Decision | undefined {
    return this.byHolder.get(holder)?.get(question);
  }

  keep(holder: PolicyHolder, question: string, decision: Decision): void {
    const known = this.byHolder.get(holder);
    if (known === undefined) this.byHolder.set(holder, new Map([[question, decision]]));
    else known.set(question, decision);
  }
}

/**
 * The filter policies of all subscriptions: equal ones are one object with one text in memory, however many subscriptions have
 * them, and it is known how many there are of an account and how long they are.
 */
import { hash } from 'node:crypto';
import type { Subscription, SubscriptionFilter } from '../../model/topic.ts';

export interface FilterUse {
  readonly count: number;
  /** Of their texts, those of equal ones each. */
  readonly bytes: number;
}
interface Shared {
  readonly filter: SubscriptionFilter;
  uses: number;
}

export class FilterPolicies {
  private readonly byKey = new Map<string, Shared>();
  private readonly useByAccount = new Map<string, { count: number; bytes: number }>();

  /** The one that is in use already, if there is one. */
  shared(filter: SubscriptionFilter | undefined): SubscriptionFilter | undefined {
    if (filter === undefined) return undefined;
    const known = this.byKey.get(keyOf(filter))?.filter;
    return known?.policy === filter.policy ? known : { policy: ownText(filter.policy), scope: filter.scope };
  }

  /** Keeps up with the records. */
  change(before: Subscription | undefined, after: Subscription | undefined): void {
    if (before?.filter === after?.filter) return;
    if (after?.filter !== undefined) this.add(after.address.topic.account, after.filter);
    if (before?.filter !== undefined) this.remove(before.address.topic.account, before.filter);
  }

  /** Of the topics of an account. */
  useOf(account: string): FilterUse {
    return this.useByAccount.get(account) ?? unused;
  }

  private add(account: string, filter: SubscriptionFilter): void {
    const key = keyOf(filter);
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, { filter, uses: 1 });
    else if (known.filter === filter) known.uses++;
    const { count, bytes } = this.useOf(account);
    this.useByAccount.set(account, { count: count + 1, bytes: bytes + filterBytes(filter) });
  }

  private remove(account: string, filter: SubscriptionFilter): void {
    const key = keyOf(filter);
    const known = this.byKey.get(key);
    if (known?.filter === filter && --known.uses === 0) this.byKey.delete(key);
    const { count, bytes } = this.useOf(account);
    if (count <= 1) this.useByAccount.delete(account);
    else this.useByAccount.set(account, { count: count - 1, bytes: bytes - filterBytes(filter) });
  }
}

function filterBytes({ policy }: Pick<SubscriptionFilter, 'policy'>): number {
  return Buffer.byteLength(policy);
}

const unused: FilterUse = { count: 0, bytes: 0 };
/** A map compares texts beyond some length one by one where they are of one length. */
const keyLengthMax = 1_024;

/** Whoever finds something by it compares the texts: those with half a surrogate pair may share a digest. */
function keyOf({ policy, scope }: SubscriptionFilter): string {
  return `${scope} ${policy.length > keyLengthMax ? hash('sha256', policy) : policy}`;
}

/** What was cut out of a request would keep all of that in memory. */
function ownText(text: string): string {
  const copy: unknown = JSON.parse(JSON.stringify(text));
  return typeof copy === 'string' ? copy : text;
}

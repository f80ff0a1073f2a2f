import type { FaultSource } from '../../../protocols/aws/fault.ts';
import type { Clock } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import { type FaultRule, faultLimits, readFaultRule } from './rule.ts';

/** Things that go wrong because a test wants them to. */
export interface Faults {
  /**
   * From now on, after those that are there: of each request the first rule that hits is taken, and no other.
   * @returns its id
   * @throws GantryError `invalid-argument`, `limit-exceeded`, `unavailable` after the broker's stop
   */
  add(rule: FaultRule): string;
  /** Takes one rule away, or all. @returns how many went */
  clear(id?: string): number;
  /** In the order in which they are asked; those whose `count` is used up are gone. */
  list(): readonly ListedFault[];
}
export type ListedFault = FaultRule & { readonly id: string; readonly hits: number };

export interface FaultsService extends Faults, FaultSource {
  /** `add`, of what came from outside. */
  addWritten(given: unknown): string;
  /** Whoever sleeps is let go, and no rule hits any more. */
  stop(): void;
}

export interface FaultsParts {
  readonly clock: Clock;
  /** The names that rules may use. */
  actions(): readonly string[];
  /** 0 to below 1, each as likely. */
  readonly chance?: () => number;
}

interface Counted {
  readonly rule: FaultRule;
  hits: number;
}

export function createFaults({ clock, actions, chance = Math.random }: FaultsParts): FaultsService {
  const rulesById = new Map<string, Counted>();
  const sleepers = new Set<() => void>();
  let made = 0;
  let isStopped = false;

  function clear(id?: string): number {
    if (id !== undefined) return rulesById.delete(id) ? 1 : 0;
    const { size } = rulesById;
    rulesById.clear();
    return size;
  }

  function addWritten(given: unknown): string {
    const rule = readFaultRule(given, actions());
    if (isStopped) throw new GantryError('unavailable', 'the broker does not run');
    if (rulesById.size >= faultLimits.rulesMax)
      throw new GantryError('limit-exceeded', `there are ${faultLimits.rulesMax} fault rules already`);
    const id = `fault-${++made}`;
    rulesById.set(id, { rule, hits: 0 });
    return id;
  }

  return {
    get isOn() {
      return rulesById.size > 0;
    },
    add: addWritten,
    addWritten,
    clear,
    list: () => [...rulesById].map(([id, { rule, hits }]) => ({ id, ...rule, hits })),
    take(action, queue) {
      for (const [id, counted] of rulesById) {
        const { rule } = counted;
        if (rule.action !== '*' && rule.action !== action) continue;
        if (rule.queue !== undefined && rule.queue !== queue()) continue;
        if (chance() >= (rule.rate ?? 1)) continue;
        counted.hits++;
        if (counted.hits === rule.count) rulesById.delete(id);
        return { ...rule, id, when: rule.when ?? 'before' };
      }
      return undefined;
    },
    sleep: (ms, onEnd) =>
      new Promise((resolve) => {
        const end = (): void => {
          sleepers.delete(end);
          timer.cancel();
          resolve();
        };
        const timer = clock.after(ms, end);
        sleepers.add(end);
        if (isStopped) end();
        else onEnd(end);
      }),
    stop() {
      isStopped = true;
      clear();
      for (const end of sleepers) end();
    },
  };
}

import type * as v from 'valibot';
import type { Sns } from '../../../protocols/sns/sns.ts';
import type { Broker } from '../../core/broker.ts';
import type { Principal } from '../../model/principal.ts';
import type { Namespace, QueueAddress } from '../../model/queue.ts';
import type { Random } from '../../model/random.ts';
import type { Access } from '../access.ts';

/** For whom definitions are judged, and against what. */
export interface DefinitionsContext {
  readonly broker: Broker;
  readonly access: Access;
  readonly random: Pick<Random, 'bytes'>;
  /** What subscribes, as SNS does it. */
  readonly sns: Sns;
  /** Scheme, host and port by which the broker is reached, for links in what endpoints are sent. */
  readonly baseUrl: string;
  readonly principal: Principal;
  /** Of what names no account or region itself. */
  readonly namespace: Namespace;
  /** What export shows and prune looks at; by default every account and region. */
  readonly scope: Partial<Namespace>;
}
/** One change that makes the broker as the definitions want it. */
export interface Step {
  readonly do: 'create' | 'alter' | 'drop';
  /** `queue`, `user`. */
  readonly kind: string;
  readonly name: string;
  /** The line of the plan. */
  readonly text: string;
  /** True: it throws messages away, as a drop does; whoever can be asked is asked before. */
  readonly isLossy?: boolean;
  /** Steps of a lower one are done before; 0 to 9. */
  readonly turn: number;
  /** @throws GantryError `access-denied` when it would be refused */
  requireAllowed(): void;
  /** Ends well too when somebody else was faster with the same. @throws GantryError */
  run(): Promise<void>;
}
export type HasQueue = (address: QueueAddress) => boolean;
export interface PlanKindOptions {
  readonly isPruning: boolean;
  /** Whether the queue is there, or will be by the definitions of the same import. */
  readonly hasQueue: HasQueue;
}
/** Definitions of one kind, their form judged. */
export interface JudgedDefinitions {
  /**
   * What is to be done; nothing for what is as it is wanted.
   * @throws GantryError `invalid-argument` that begins with the path, as `queues[3].deadLetter.queue: ...`; `access-denied`
   */
  plan(context: DefinitionsContext, options: PlanKindOptions): Promise<readonly Step[]>;
  /** Of queues: whether a definition names the one at an address. */
  willHave?(context: DefinitionsContext): HasQueue;
}
/** One thing that definitions can hold. Another kind is a row of the table in kinds.ts, and nothing else. */
export interface DefinitionKind {
  /** In files, exports and the API: a list under this key. */
  readonly key: string;
  /** Of one item of the list. */
  readonly schema: v.GenericSchema;
  /** Keys of an item below which numbers and switches stay what they are, for what is theirs is not ours to read. */
  readonly foreignKeys: readonly string[];
  /** Keys of an item, or of parts of it, and the `${NAME}` that may stay there where the variable is not set. */
  readonly placeholders: Readonly<Record<string, RegExp>>;
  /** @throws GantryError `invalid-argument` that begins with the path */
  judge(items: readonly unknown[]): Promise<JudgedDefinitions>;
  /**
   * What `judge` would take and find nothing to do, as far as the asker may see; in an order that stays.
   * @returns undefined: the asker may see nothing of this kind, be there something or not
   */
  export(context: DefinitionsContext, prefix: string): Iterable<unknown> | AsyncIterable<unknown> | undefined;
}

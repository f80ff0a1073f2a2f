import * as v from 'valibot';
import type { MoveTask } from '../../core/broker.ts';
import { GantryError } from '../../model/errors.ts';
import type { Queue } from '../../model/queue.ts';
import { text, whole } from '../definitions/values.ts';
import { type AdminCall, created, ok, operation } from './operation.ts';
import { findQueue, queueOf } from './queues.ts';

const rateMax = 100_000;
const listedMax = 10;
const positionsMax = 256;

/** A move task as the admin API shows it. */
export interface MoveView {
  readonly id: string;
  /** Null: each message back to where it was dead-lettered from. */
  readonly to: string | null;
  readonly rate: number | null;
  readonly state: MoveTask['state'];
  readonly failure: string | null;
  readonly moved: number;
  readonly toMove: number;
  readonly startedAt: string;
}

export const moveOperations = [
  operation({
    method: 'POST',
    path: '/queues/{queue}/moves',
    summary: 'move what waits in a queue: to another one, or each message back to where it was dead-lettered from',
    body: v.strictObject({
      to: v.optional(text('name of the queue; absent: back to where each came from', 200)),
      rate: v.optional(whole({ min: 1, max: rateMax }, 'messages a second at most')),
    }),
    isBodyOptional: true,
    answers: { 201: 'the task, which goes on by itself', 409: 'one is running' },
    handle: async (call) => {
      const { to, rate } = call.body ?? {};
      const from = movedFrom(call);
      const target = targetOf(call, from, to);
      const task = await call.parts.broker.moves.start(call.principal, from, { to: target, rateMax: rate });
      return created(toView(task));
    },
  }),
  operation({
    method: 'POST',
    path: '/queues/{queue}/messages/move',
    summary: 'move chosen messages that wait in a queue, all at once',
    body: v.strictObject({
      positions: v.pipe(
        v.array(whole({ min: 0, max: Number.MAX_SAFE_INTEGER }, 'position'), 'expected a list of positions'),
        v.minLength(1, 'expected at least one position'),
        v.maxLength(positionsMax, `expected at most ${positionsMax} positions`),
        v.title('as a look shows them'),
      ),
      to: v.optional(text('name of the queue; absent: back to where each came from', 200)),
    }),
    answers: {
      200: '{moved, withoutOrigin, originGone}: how many of them; what does not wait any more, and what has no origin, stays',
    },
    handle: async (call) => {
      const { positions, to } = call.body;
      const from = movedFrom(call);
      const target = targetOf(call, from, to);
      const result = await call.parts.broker.moves.moveSome(call.principal, from, target, positions);
      const { moved, withoutOrigin, originGone } = result;
      return ok({ moved, withoutOrigin, originGone });
    },
  }),
  operation({
    method: 'GET',
    path: '/queues/{queue}/moves',
    summary: 'the latest move tasks of a queue, the newest first',
    answers: { 200: '{moves: [...]}' },
    handle: async (call) => {
      const tasks = await call.parts.broker.moves.list(call.principal, queueOf(call, 'browse'), listedMax);
      return ok({ moves: tasks.map(toView) });
    },
  }),
  operation({
    method: 'DELETE',
    path: '/queues/{queue}/moves/{id}',
    summary: 'cancel a running move task; what is moved stays moved',
    answers: { 200: 'the task', 404: 'none of that id is running' },
    handle: async (call) => {
      const task = await call.parts.broker.moves.cancel(call.principal, queueOf(call, 'manage'), call.params.id ?? '');
      return ok(toView(task));
    },
  }),
];

/**
 * All that is asked about the source is asked before another queue is looked for, so that an answer tells of that one only
 * to who may send to it. @throws GantryError `access-denied`, `not-found`
 */
function movedFrom(call: AdminCall<unknown, unknown>): Queue {
  const from = queueOf(call, 'manage');
  for (const action of ['manage', 'receive'] as const)
    call.parts.broker.requireAllowed(call.principal, action, from.address);
  return from;
}

/** @throws GantryError `access-denied`, `not-found`; `invalid-argument` when there is nowhere to go back to */
function targetOf(call: AdminCall<unknown, unknown>, from: Queue, to: string | undefined): Queue | 'origin' {
  if (to !== undefined) return findQueue(call, { ...call.namespace, name: to }, 'send');
  if (call.parts.broker.catalogue.sourcesOf(from.address).length > 0) return 'origin';
  const { name } = from.address;
  throw new GantryError('invalid-argument', `queue "${name}" is the dead-letter queue of no queue`, {
    resource: name,
    hint: `name where its messages are to go: gantry queue move ${name} <to>`,
  });
}

function toView({ id, to, rateMax: rate, state, failure, moved, toMove, startedAt }: MoveTask): MoveView {
  return {
    id,
    to: to === 'origin' ? null : to.address.name,
    rate: rate ?? null,
    ...{ state, failure: failure ?? null, moved, toMove },
    startedAt: new Date(startedAt).toISOString(),
  };
}

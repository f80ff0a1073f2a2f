import * as v from 'valibot';
import type { BrowseCursor, EntryState } from '../../../storage/store.ts';
import { GantryError } from '../../model/errors.ts';
import { text, whole } from '../definitions/values.ts';
import { parseFilter } from './message-filter.ts';
import { messageView } from './message-view.ts';
import { ok, operation } from './operation.ts';
import { queueNames, queueOf } from './queues.ts';

const peekMax = 1_000;
const peekBytesMax = 8 * 1024 * 1024;
/** After it a look ends with what it has and says where to go on: who looks for what is not there makes nobody wait. */
const lookMsMax = 1_000;
const filterCharactersMax = 2_000;
const allStates = ['waiting', 'delayed', 'leased'] as const satisfies readonly EntryState[];

export const messageOperations = [
  operation({
    method: 'GET',
    path: '/queues/{queue}/messages',
    summary: 'look at the messages of a queue without a trace, in the order of their delivery',
    query: v.strictObject({
      max: v.optional(whole({ min: 1, max: peekMax }, 'messages at most')),
      state: v.optional(v.picklist(allStates, `expected ${allStates.join(', ')}`)),
      filter: v.optional(
        text('key=value, key!=value or body~part, one a line, all of which must hold', filterCharactersMax),
      ),
      after: v.optional(text('where to go on: `next` of the page before', 100)),
    }),
    answers: {
      200: '{messages: [...], looked: how many of these states were looked at, next?: where to go on, absent at the end}',
    },
    handle: async (call) => {
      const { max = 10, state, filter, after } = call.query;
      const { broker } = call.parts;
      const queue = queueOf(call, 'receive');
      broker.requireAllowed(call.principal, 'receive', queue.address); // Before the filter is looked at.
      const { entries, looked, next } = await broker.browse(call.principal, queue, {
        states: state === undefined ? allStates : [state],
        ...{ entriesMax: max, bytesMax: peekBytesMax, lookMsMax },
        ...(filter === undefined ? {} : { isWanted: parseFilter(filter) }),
        ...(after === undefined ? {} : { from: toCursor(after) }),
      });
      const nameOf = queueNames(call);
      const messages = entries.map((entry) => ({ ...messageView(entry, nameOf), state: entry.state }));
      return ok({ messages, looked, ...(next === undefined ? {} : { next }) });
    },
  }),
];

/** Brand's maker: what is of our form may be tried, the walk begins there. */
function toCursor(after: string): BrowseCursor {
  if (/^\d{1,15}(\.\d{1,15})?$/.test(after)) return after as BrowseCursor;
  throw new GantryError('invalid-argument', 'parameter after: expected `next` of the page before');
}

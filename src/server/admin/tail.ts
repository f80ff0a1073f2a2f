import * as v from 'valibot';
import { findRefusal } from '../../core/authorize.ts';
import { GantryError } from '../../model/errors.ts';
import type { QueueAddress } from '../../model/queue.ts';
import { text, whole } from '../definitions/values.ts';
import { tailLimits } from '../tail/limits.ts';
import { type TailKind, tailKinds } from '../tail/record.ts';
import { isTailKind, namePattern, type TailOptions, type TailReader } from '../tail/tail.ts';
import { type AdminCall, operation } from './operation.ts';
import { queueOf } from './queues.ts';

export const tailOperations = [
  operation({
    method: 'GET',
    path: '/tail',
    summary: 'show what happens to messages while it happens, until the caller leaves',
    query: v.strictObject({
      queue: v.optional(text('name of a queue, or a pattern with *; all by default', 200)),
      kinds: v.optional(text(`what to show, with commas: ${tailKinds.join(', ')}, or all; default appended`, 500)),
      filter: v.optional(text('name=value: only messages with this property', 1_000)),
      bodyBytes: v.optional(whole({ min: 0, max: tailLimits.bodyBytesMax }, 'bytes of each body that are shown')),
    }),
    answers: { 200: 'lines of JSON without end; empty lines are signs of life', 429: 'too many tails run' },
    handle: async (call) => {
      const { queue = '*', kinds = 'appended', filter, bodyBytes = tailLimits.bodyBytesDefault } = call.query;
      const options = {
        isShown: shownQueues(call, queue),
        kinds: kindsOf(kinds),
        property: propertyOf(filter),
        bodyBytesMax: bodyBytes,
      };
      const stream = call.parts.tail.open(readerOf(call), options);
      return { status: 200, stream, contentType: 'application/x-ndjson' };
    },
  }),
];

function readerOf({ parts: { access }, principal }: AdminCall<unknown, unknown>): TailReader {
  const { name, isAnonymous } = principal;
  return {
    name: isAnonymous ? undefined : name,
    isAdmin: access.authorize(principal, 'admin', { type: 'broker' }) === undefined,
    isKnown: () => access.current === undefined || (!isAnonymous && access.current.users.find(name) !== undefined),
  };
}

/**
 * Who may not receive from a queue is not shown its messages. One that is named must be there; a pattern shows what there
 * is and what comes, as far as the caller may see it.
 * @throws GantryError `not-found`, `access-denied`
 */
function shownQueues(call: AdminCall<unknown, unknown>, pattern: string): TailOptions['isShown'] {
  const { parts, principal, namespace } = call;
  if (!pattern.includes('*')) {
    const queue = queueOf({ ...call, params: { queue: pattern } }, 'receive');
    parts.broker.requireAllowed(principal, 'receive', queue.address);
  }
  const isNamed = namePattern(pattern);
  return (address: QueueAddress) => {
    if (address.account !== namespace.account || address.region !== namespace.region || !isNamed(address.name))
      return false;
    return findRefusal(parts.access.authorize, principal, 'receive', address) === undefined;
  };
}

function kindsOf(list: string): ReadonlySet<TailKind> {
  if (list === 'all') return new Set(tailKinds);
  const kinds = new Set<TailKind>();
  for (const kind of list.split(',').map((one) => one.trim())) {
    if (!isTailKind(kind)) {
      const expected = `expected all, or of ${tailKinds.join(', ')}`;
      throw new GantryError('invalid-argument', `parameter kinds: "${kind.slice(0, 100)}": ${expected}`);
    }
    kinds.add(kind);
  }
  return kinds;
}

function propertyOf(filter: string | undefined): TailOptions['property'] {
  if (filter === undefined) return undefined;
  const at = filter.indexOf('=');
  if (at < 1) throw new GantryError('invalid-argument', 'parameter filter: expected name=value');
  return { name: filter.slice(0, at), value: filter.slice(at + 1) };
}

import type { Broker } from '../../../src/core/broker.ts';
import { GantryError } from '../../../src/model/errors.ts';
import { deliveryLimits } from './limits.ts';
import { isSelected, type OutboxEntry, type OutboxStorage } from './outbox.ts';

/** The broker's own outboxes, one for each kind of message: what is in them is JSON. */
export function createOutboxStorage({ outbox }: Pick<Broker, 'outbox'>): OutboxStorage {
  return {
    append: (entry) => outbox.append(entry.kind, Buffer.from(JSON.stringify(entry))),
    async list(filter) {
      const found: { readonly entry: OutboxEntry; readonly bytes: number }[] = [];
      let bytes = 0;
      await outbox.look(filter.kind, ({ body }) => {
        const entry = readEntry(body);
        if (!isSelected(entry, filter)) return true;
        found.push({ entry, bytes: body.length });
        bytes += body.length;
        // Who reads wants to know what was sent last: it is the oldest that finds no room.
        while (bytes > deliveryLimits.outboxListBytesMax) bytes -= found.shift()?.bytes ?? bytes;
        return true;
      });
      return found.map(({ entry }) => entry);
    },
    async remove(filter) {
      const { kind, ...rest } = filter;
      if (Object.keys(rest).length === 0) return await outbox.clear(kind);
      const positions: number[] = [];
      await outbox.look(kind, ({ pos, body }) => {
        if (isSelected(readEntry(body), filter)) positions.push(pos);
        return true;
      });
      await outbox.discard(kind, positions);
    },
  };
}

/** @throws GantryError `internal` */
function readEntry(body: Uint8Array): OutboxEntry {
  const entry: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  if (isEntry(entry)) return entry;
  throw new GantryError('internal', 'an entry of the outbox is none of ours', {
    hint: 'Start the version of Gantry that wrote this data, or a later one.',
  });
}

const textsByKind: Readonly<Record<string, readonly string[]>> = {
  sms: ['phoneNumber', 'message'],
  push: ['endpointArn', 'message'],
  mail: [],
};

function isEntry(value: unknown): value is OutboxEntry {
  const kind = field(value, 'kind');
  const texts = typeof kind === 'string' && Object.hasOwn(textsByKind, kind) ? textsByKind[kind] : undefined;
  return (
    texts !== undefined &&
    ['account', 'region', 'messageId', ...texts].every((name) => typeof field(value, name) === 'string') &&
    typeof field(value, 'sentAt') === 'number' &&
    (kind !== 'mail' ||
      ['to', 'subject', 'text'].every((name) => typeof field(field(value, 'mail'), name) === 'string'))
  );
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return found;
}

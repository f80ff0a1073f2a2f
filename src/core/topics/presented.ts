/**
 * From a reference to a published message, as the store keeps it, to the message as its subscriber gets it. Deliveries
 * without a note are as they lie in the store, and cost one look.
 */
import type { Delivery } from '../../../storage/store.ts';
import { decodeHead, encodeHead } from '../../model/head.ts';
import type { Envelopes } from './envelopes.ts';
import { copyId, decodeNote } from './note.ts';

type Shown = Pick<Delivery, 'id' | 'head' | 'body' | 'note'>;

export function presentAll<D extends Shown>(deliveries: readonly D[], envelopes: Envelopes): readonly D[] {
  let isAsStored = true;
  for (const { note } of deliveries) if (note !== undefined) isAsStored = false;
  return isAsStored ? deliveries : deliveries.map((delivery) => present(delivery, envelopes));
}

/** One that was told of before it could be received as well. @throws GantryError `internal` */
export function present<D extends Shown>(delivery: D, envelopes: Envelopes): D {
  const { note: bytes, id, body } = delivery;
  if (bytes === undefined || !(body instanceof Uint8Array)) return delivery;
  const note = decodeNote(bytes);
  const { headers, properties } = decodeHead(delivery.head);
  const { envelope, groupId, dedupId, ...kept } = headers;
  const own = note.isUngrouped ? kept : { ...kept, ...(groupId && { groupId }), ...(dedupId && { dedupId }) };
  const shown = { id: copyId(id, note.subscriptionId) };
  if (note.isRaw || envelope === undefined) return { ...delivery, ...shown, head: encodeHead(own, properties) };
  const wrapped = envelopes.wrap({ id, headers, properties, body }, note);
  const { bodyMd5: _, type: _type, contentType: _contentType, ...around } = own;
  return { ...delivery, ...shown, head: encodeHead({ ...around, bodyKind: 'text' }, []), body: wrapped };
}

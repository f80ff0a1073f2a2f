import type { Delivery } from '../../../storage/store.ts';
import { GantryError } from '../../model/errors.ts';
import { decodeHead } from '../../model/head.ts';
import type { Head } from '../../model/message.ts';
import { uuidText } from '../../model/uuid.ts';
import { plainValue } from '../property-value.ts';

/**
 * Which messages somebody wants to see: `customer=42`, `customer!=42` or `body~refund`, one a line, all of which must hold.
 * A key is `id`, `group`, `body`, or the name of a property; a property that is called so is `property.id`.
 */
export type MessageFilter = (entry: Pick<Delivery, 'id' | 'head' | 'body'>) => boolean;

const signs = ['=', '!=', '~'] as const;

interface Term {
  readonly key: string;
  readonly sign: (typeof signs)[number];
  readonly value: string;
}

const termsMax = 10;

/** @throws GantryError `invalid-argument` */
export function parseFilter(text: string): MessageFilter {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > termsMax) throw new GantryError('invalid-argument', `a filter has at most ${termsMax} lines`);
  const terms = lines.map(parseTerm);
  return (entry) => {
    const head = decodeHead(entry.head);
    return terms.every((term) => holds(term, entry, head));
  };
}

function parseTerm(line: string): Term {
  const at = line.search(/[=!~]/);
  const sign = signs.find((one) => at > 0 && line.startsWith(one, at));
  const key = line.slice(0, Math.max(at, 0)).trim();
  if (sign !== undefined && key !== '') return { key, sign, value: line.slice(at + sign.length) };
  throw new GantryError(
    'invalid-argument',
    `filter "${line.slice(0, 100)}": expected key=value, key!=value or key~part`,
  );
}

function holds({ key, sign, value }: Term, entry: Parameters<MessageFilter>[0], head: Head): boolean {
  if (key === 'body') return bodyHolds(entry.body, sign, value);
  const texts = textsOf(key, entry, head);
  if (sign === '~') return texts.some((text) => text.includes(value));
  return texts.includes(value) === (sign === '=');
}

function bodyHolds(body: Delivery['body'], sign: Term['sign'], value: string): boolean {
  if (!(body instanceof Uint8Array)) return sign === '!=';
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  if (sign === '~') return bytes.includes(value);
  return bytes.equals(Buffer.from(value)) === (sign === '=');
}

/** A name may be repeated. */
function textsOf(key: string, { id }: Parameters<MessageFilter>[0], { headers, properties }: Head): readonly string[] {
  if (key === 'id') return [uuidText(id)];
  if (key === 'group') return headers.groupId === undefined ? [] : [headers.groupId];
  const name = key.startsWith('property.') ? key.slice('property.'.length) : key;
  return properties.filter((one) => one.name === name).map((one) => String(plainValue(one)));
}

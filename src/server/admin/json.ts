/**
 * Bodies as JSON. How much there is to parse is counted before: four million bytes of `{}` would keep the parser busy for
 * more than a second, in which nobody else is served, and values of many levels end in calls that are too deep.
 */
import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { GantryError } from '../../model/errors.ts';

export const jsonLimits = {
  /** The deepest, a policy in a list of queues, has nine. */
  depthMax: 32,
  /** Of a body that is parsed at once: a thousand messages with ten properties each have 40,000. */
  valuesMax: 50_000,
  /** Of a long list, and of one item in it. */
  longValuesMax: 2_000_000,
  itemValuesMax: 20_000,
  itemBytesMax: 1024 * 1024,
  itemsMax: 300_000,
  /** What is read of a long list before others get their turn. */
  sliceBytes: 64 * 1024,
} as const;

const quote = 0x22;
const backslash = 0x5c;

/** @returns undefined when there is none @throws GantryError `invalid-argument`, `too-large` */
export function parseBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  requireText(bytes);
  requirePlain(bytes);
  return parsed(bytes.toString());
}

/**
 * The same for an object of long lists, `{"queues": [{...}, ...]}`: item by item, with pauses for others. In the place of
 * each item the rest has its number, `{"queues": [[0], ...]}`; the rest is parsed last, and says where the items belong.
 * @throws GantryError `invalid-argument`, `too-large`
 */
export async function parseLists(bytes: Buffer): Promise<unknown> {
  requireText(bytes);
  const items: unknown[] = [];
  const rest: string[] = [];
  let restFrom = 0;
  let itemFrom = -1;
  let depth = 0;
  let isInString = false;
  let isList = false;
  let all = 0;
  let listed = 0;
  let ofItem = 0;
  let ofRest = 0;
  for (let at = 0, end = 0; at < bytes.length; ) {
    if (at > 0) await setImmediate();
    end = Math.min(at + jsonLimits.sliceBytes, bytes.length);
    for (; at < end; at++) {
      const byte = bytes[at];
      if (isInString) {
        if (byte === backslash) at++;
        else if (byte === quote) isInString = false;
      } else if (byte === quote) isInString = true;
      else if (byte === 0x7b || byte === 0x5b) open(byte === 0x5b, at);
      else if (byte === 0x7d || byte === 0x5d) close(at);
      else if (byte === 0x2c) count();
    }
  }
  if (bytes.length - restFrom > jsonLimits.itemBytesMax) throw tooIntricate();
  rest.push(bytes.toString('utf8', restFrom));
  return withItems(parsed(rest.join('')), items);

  function open(isArray: boolean, at: number): void {
    if (++depth > jsonLimits.depthMax) throw tooDeep();
    if (depth === 2) isList = isArray;
    if (depth === 3 && isList) {
      if (at - restFrom > jsonLimits.itemBytesMax) throw tooIntricate();
      [itemFrom, ofItem] = [at, 0];
    }
    count();
  }

  function close(at: number): void {
    if (--depth !== 2 || itemFrom < 0) return;
    if (at - itemFrom > jsonLimits.itemBytesMax) throw tooIntricate();
    rest.push(bytes.toString('utf8', restFrom, itemFrom), `[${items.length}]`);
    items.push(parsed(bytes.toString('utf8', itemFrom, at + 1)));
    [restFrom, itemFrom] = [at + 1, -1];
  }

  function count(): void {
    all++;
    if (itemFrom >= 0) ofItem++;
    else if (depth === 2 && isList) listed++;
    else ofRest++;
    const { longValuesMax, itemValuesMax, itemsMax } = jsonLimits;
    if (all > longValuesMax || Math.max(ofItem, ofRest) > itemValuesMax || listed > itemsMax) throw tooIntricate();
  }
}

function withItems(rest: unknown, items: readonly unknown[]): unknown {
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) return rest;
  return Object.fromEntries(
    Object.entries(rest).map(([key, list]: [string, unknown]) => {
      if (!Array.isArray(list)) return [key, list];
      return [key, list.map((item: unknown) => (Array.isArray(item) ? items[Number(item[0])] : item))];
    }),
  );
}

function requireText(bytes: Buffer): void {
  if (!isUtf8(bytes)) throw new GantryError('invalid-argument', 'the body is no UTF-8 text');
}

function requirePlain(bytes: Buffer): void {
  let values = 0;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isInString) {
      if (byte === backslash) at++;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > jsonLimits.depthMax) throw tooDeep();
      values++;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte === 0x2c) values++;
    if (values > jsonLimits.valuesMax) throw tooIntricate();
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `the body is no JSON: ${why.slice(0, 200)}`);
  }
}

function tooDeep(): GantryError {
  return new GantryError('invalid-argument', `the body has more than ${jsonLimits.depthMax} levels`);
}

function tooIntricate(): GantryError {
  return new GantryError('too-large', 'the body has more values than a request may have');
}

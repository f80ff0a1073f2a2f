import { BlockList, isIP } from 'node:net';
import { matchesArn, matchesGlob } from './glob.ts';

/** Whether what the request has is what the policy says; undefined: the policy's value is none of this kind. */
export type Comparison = (fact: string, value: string) => boolean | undefined;

const equal: Comparison = (fact, value) => fact === value;
const equalIgnoringCase: Comparison = (fact, value) => fact.toLowerCase() === value.toLowerCase();
const like: Comparison = (fact, value) => matchesGlob(value, fact);
const arnLike: Comparison = (fact, value) =>
  value.startsWith('arn:') || value === '*' ? isArn(fact, value) : undefined;

/** The operators of IAM by their names in small letters; a negated one compares as the other does. */
export const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['stringequals', equal],
  ['stringnotequals', equal],
  ['stringequalsignorecase', equalIgnoringCase],
  ['stringnotequalsignorecase', equalIgnoringCase],
  ['stringlike', like],
  ['stringnotlike', like],
  ['arnequals', arnLike],
  ['arnlike', arnLike],
  ['arnnotequals', arnLike],
  ['arnnotlike', arnLike],
  ['bool', truth],
  ['ipaddress', isWithin],
  ['notipaddress', isWithin],
  ...ordered('numeric', numberOf),
  ...ordered('date', instantOf),
]);

export const negated: ReadonlySet<string> = new Set([
  'stringnotequals',
  'stringnotequalsignorecase',
  'stringnotlike',
  'arnnotequals',
  'arnnotlike',
  'notipaddress',
  'numericnotequals',
  'datenotequals',
]);

function ordered(kind: string, read: (text: string) => number | undefined): readonly (readonly [string, Comparison])[] {
  const comparing =
    (holds: (fact: number, value: number) => boolean): Comparison =>
    (fact, value) => {
      const wanted = read(value);
      const found = read(fact);
      if (wanted === undefined) return undefined;
      return found !== undefined && holds(found, wanted);
    };
  const equals = comparing((fact, value) => fact === value);
  return [
    [`${kind}equals`, equals],
    [`${kind}notequals`, equals],
    [`${kind}lessthan`, comparing((fact, value) => fact < value)],
    [`${kind}lessthanequals`, comparing((fact, value) => fact <= value)],
    [`${kind}greaterthan`, comparing((fact, value) => fact > value)],
    [`${kind}greaterthanequals`, comparing((fact, value) => fact >= value)],
  ];
}

function numberOf(text: string): number | undefined {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** A W3C date, or seconds since 1970. */
function instantOf(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text) && text.length > 4) return Number(text) * 1000;
  const ms = /^\d{4}(-|$)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function truth(fact: string, value: string): boolean | undefined {
  const wanted = value.toLowerCase();
  return wanted === 'true' || wanted === 'false' ? fact.toLowerCase() === wanted : undefined;
}

function isArn(fact: string, value: string): boolean {
  return value === '*' || matchesArn(value, fact);
}

/** An address, or a network as `10.0.0.0/8`. */
function isWithin(fact: string, value: string): boolean | undefined {
  const [address = '', bits, ...rest] = value.split('/');
  const version = isIP(address);
  const bitsMax = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? bitsMax : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(prefix <= bitsMax)) return undefined;
  const found = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(fact)?.[1] ?? fact;
  if (isIP(found) !== version) return false;
  const network = new BlockList();
  const family = version === 6 ? 'ipv6' : 'ipv4';
  network.addSubnet(address, prefix, family);
  return network.check(found, family);
}

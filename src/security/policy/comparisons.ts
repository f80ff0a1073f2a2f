import { BlockList, isIP } from 'node:net';
import { type Budget, stepsOf } from './budget.ts';
import { matchesArn, matchesGlob } from './glob.ts';

/** Whether what the request has is what the policy says; undefined: the budget is used up. */
export type Test = (fact: string, budget: Budget) => boolean | undefined;
/** @returns undefined: the policy's value is none of this kind */
export type Comparison = (value: string) => Test | undefined;

const equal: Comparison = (value) => (fact) => fact === value;
const equalIgnoringCase: Comparison = (value) => {
  const wanted = value.toLowerCase();
  return (fact) => fact.toLowerCase() === wanted;
};
const like: Comparison = (value) => (fact, budget) => matchesGlob(value, fact, budget);

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
  ['ipaddress', within],
  ['notipaddress', within],
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
    (value) => {
      const wanted = read(value);
      if (wanted === undefined) return undefined;
      return (fact) => {
        const found = read(fact);
        return found !== undefined && holds(found, wanted);
      };
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
  if (/^\d{5,12}$/.test(text)) return Number(text) * 1000;
  const ms = /^\d{4}(-|$)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function truth(value: string): Test | undefined {
  const wanted = value.toLowerCase();
  return wanted === 'true' || wanted === 'false' ? (fact) => fact.toLowerCase() === wanted : undefined;
}

function arnLike(value: string): Test | undefined {
  if (value === '*') return () => true;
  return value.startsWith('arn:') ? (fact, budget) => matchesArn(value, fact, budget) : undefined;
}

/** An address, or a network as `10.0.0.0/8`. */
function within(value: string): Test | undefined {
  const [address = '', bits, ...rest] = value.split('/');
  const version = isIP(address);
  const bitsMax = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? bitsMax : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(prefix <= bitsMax)) return undefined;
  const network = new BlockList();
  const family = version === 6 ? 'ipv6' : 'ipv4';
  network.addSubnet(address, prefix, family);
  return (fact, budget) => {
    if (!budget.spend(stepsOf.address)) return undefined;
    const found = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(fact)?.[1] ?? fact;
    return isIP(found) === version && network.check(found, family);
  };
}

import type { FaultEffect } from '../../../protocols/aws/fault.ts';
import { GantryError } from '../../model/errors.ts';
import { didYouMean } from '../closest.ts';

/**
 * Which requests are to go wrong, and how. `delay` lets them wait; `error` answers them with an error, by its name in
 * AWS; `drop` ends their connection without an answer.
 */
export type FaultRule = {
  /** An operation, such as `SendMessage`; `*`: every one. */
  readonly action: string;
  /** The name of the queue that the request is about; default any, and requests about none. */
  readonly queue?: string | undefined;
  /** The share of requests that it hits, 0 to 1; default 1. */
  readonly rate?: number | undefined;
  /** Hits after which the rule is gone; default no end. */
  readonly count?: number | undefined;
  /** `after`: the operation is done, its effects are on disk, and only then its answer is delayed, changed or lost. Default `before`. */
  readonly when?: 'before' | 'after' | undefined;
} & FaultEffect;

export const faultLimits = {
  rulesMax: 100,
  /** Below the time after which a connection that takes no answer is cut off. */
  delayMsMax: 60_000,
  countMax: 1_000_000_000,
  textCharactersMax: 1_024,
} as const;

const kinds = ['delay', 'error', 'drop'] as const;
const common = ['action', 'queue', 'rate', 'count', 'when', 'kind'];
const keysByKind = { delay: ['delayMs'], error: ['code', 'status', 'message'], drop: [] } as const;

/**
 * A rule as somebody wrote it, in JavaScript or JSON.
 * @param actions the operations that there are: a rule for another one would never hit
 * @throws GantryError `invalid-argument`
 */
export function readFaultRule(given: unknown, actions: readonly string[]): FaultRule {
  if (typeof given !== 'object' || given === null) throw bad('a rule is an object: { action, kind, ... }');
  const fields = new Map<string, unknown>(Object.entries(given).filter(([, value]) => value !== undefined));
  const kind = oneOf(fields, 'kind', kinds) ?? missing('kind');
  const known = [...common, ...keysByKind[kind]];
  for (const key of fields.keys()) if (!known.includes(key)) throw bad(`unknown key "${key}"${didYouMean(key, known)}`);
  const action = textOf(fields, 'action') ?? missing('action');
  if (action !== '*' && !actions.includes(action))
    throw bad(`there is no action "${action}"${didYouMean(action, actions)}`);
  return {
    action,
    queue: textOf(fields, 'queue'),
    rate: numberOf(fields, 'rate', { min: 0, max: 1 }) ?? 1,
    count: wholeOf(fields, 'count', { min: 1, max: faultLimits.countMax }),
    when: oneOf(fields, 'when', ['before', 'after']) ?? 'before',
    ...effectOf(fields, kind),
  };
}

type Fields = ReadonlyMap<string, unknown>;

function effectOf(fields: Fields, kind: (typeof kinds)[number]): FaultEffect {
  if (kind === 'drop') return { kind };
  if (kind === 'delay') {
    const delayMs = wholeOf(fields, 'delayMs', { min: 0, max: faultLimits.delayMsMax }) ?? missing('delayMs');
    return { kind, delayMs };
  }
  const code = textOf(fields, 'code') ?? missing('code');
  // It becomes a header and a part of XML.
  if (!/^[\w.]+$/.test(code)) throw bad('code has letters, digits, . and _');
  const status = wholeOf(fields, 'status', { min: 400, max: 599 });
  return { kind, code, status, message: textOf(fields, 'message') };
}

function textOf(fields: Fields, key: string): string | undefined {
  const value = fields.get(key);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= faultLimits.textCharactersMax) return value;
  throw bad(`${key} is a text of 1 to ${faultLimits.textCharactersMax} characters`);
}

function numberOf(fields: Fields, key: string, { min, max }: { min: number; max: number }): number | undefined {
  const value = fields.get(key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw bad(`${key} is a number from ${min} to ${max}`);
}

function wholeOf(fields: Fields, key: string, range: { min: number; max: number }): number | undefined {
  const value = numberOf(fields, key, range);
  if (value === undefined || Number.isInteger(value)) return value;
  throw bad(`${key} is a whole number`);
}

function oneOf<const C extends string>(fields: Fields, key: string, choices: readonly C[]): C | undefined {
  const value = fields.get(key);
  if (value === undefined) return undefined;
  const found = choices.find((one) => one === value);
  if (found === undefined) throw bad(`${key} is one of ${choices.join(', ')}`);
  return found;
}

function missing(key: string): never {
  throw bad(`a rule needs its ${key}`);
}

function bad(what: string): GantryError {
  return new GantryError('invalid-argument', `fault rule: ${what}`);
}

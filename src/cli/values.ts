import { GantryError } from '../model/errors.ts';
import { type CommandInput, flag } from './command.ts';

/** Values of flags that the program itself needs; what goes to the broker is judged there. */

const msByUnit: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds out of `30s`, `500ms`, or a number of seconds. @throws GantryError `invalid-argument` */
export function durationFlag(input: CommandInput, key: string, otherwiseMs: number): number {
  const text = flag(input, key);
  if (text === undefined) return otherwiseMs;
  const [, digits = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (digits !== '') return Number(digits) * (msByUnit[unit === '' ? 's' : unit] ?? 0);
  throw new GantryError('invalid-argument', `--${key} "${text}": expected a duration such as 30s, 500ms or 5m`);
}

/** @throws GantryError `invalid-argument` */
export function wholeFlag(input: CommandInput, key: string, bounds: { readonly min: number; readonly max: number }) {
  const text = flag(input, key);
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  const expected = `expected a whole number from ${bounds.min} to ${bounds.max}`;
  throw new GantryError('invalid-argument', `--${key} "${text}": ${expected}`);
}

/** `k=v` of each; the value may hold more of them. @throws GantryError `invalid-argument` */
export function pairs(input: CommandInput, key: string): readonly (readonly [string, string])[] {
  return (input.flags[key] ?? []).map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new GantryError('invalid-argument', `--${key} "${text}": expected name=value`);
  });
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}

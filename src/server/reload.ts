import { isDeepStrictEqual } from 'node:util';
import type { Config } from './config.ts';
import type { Option } from './option-kinds.ts';
import { optionName, options } from './options.ts';

/** The options that the running broker reads anew whenever it needs them. */
export type LiveConfig = { -readonly [K in keyof Config]: Config[K] };
export interface Reloaded {
  /** What is in effect now, by the option's name. */
  readonly changed: Readonly<Record<string, unknown>>;
  /** Names of what differs and stays as it was until the next start. */
  readonly waiting: readonly string[];
}

const liveKeys: ReadonlySet<string> = new Set(
  Object.entries<Option<unknown>>(options)
    .filter(([, option]) => option.isLive === true)
    .map(([key]) => key),
);

/** Takes over what can change while the broker runs, and says what did and what could not. */
export function takeOver(config: LiveConfig, next: Config): Reloaded {
  const before = new Map<string, unknown>(Object.entries(config));
  const differing = Object.entries(next).filter(([key, value]) => !isDeepStrictEqual(before.get(key), value));
  const taken = differing.filter(([key]) => liveKeys.has(key));
  Object.assign(config, Object.fromEntries(taken));
  return {
    changed: Object.fromEntries(taken.map(([key, value]) => [optionName(key), value])),
    waiting: differing.filter(([key]) => !liveKeys.has(key)).map(([key]) => optionName(key)),
  };
}

import type { Config } from '../server/config.ts';
import { optionName, options } from '../server/options.ts';

export const whyWithoutEffect = 'its protocol is not built yet';

/** Options that somebody has set and that do nothing yet, by name. */
export function unbuiltOptions(config: Config): readonly string[] {
  return Object.entries(options)
    .filter(([key, option]) => 'awaits' in option && !isOff(Object.entries(config).find(([one]) => one === key)?.[1]))
    .map(([key]) => optionName(key));
}

function isOff(value: unknown): boolean {
  return value === undefined || value === 'off';
}

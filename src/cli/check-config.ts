import { type Config, loadConfig } from '../server/config.ts';
import { optionName } from '../server/options.ts';
import { exitCodes, reportFailure } from './exit-codes.ts';
import type { Flags } from './flags.ts';

/** Prints every option with its value and where it comes from. */
export async function checkConfig(flags: Flags): Promise<number> {
  try {
    const { config, origins, file } = await loadConfig({ flags, environment: process.env });
    const { users, ...options } = config;
    for (const [key, value] of Object.entries({ ...options, ...(users.length === 0 ? {} : { users: names(users) }) })) {
      const origin = origins.get(key) ?? 'default';
      const from = origin === 'file' ? (file ?? 'file') : origin;
      process.stdout.write(`${optionName(key).padEnd(24)}${shown(value).padEnd(28)}${from}\n`);
    }
    return exitCodes.ok;
  } catch (error) {
    return reportFailure(error);
  }
}

/** Never more of them: the rest is secret, or long. */
function names(users: Config['users']): readonly string[] {
  return users.map(({ name }) => name);
}

function shown(value: unknown): string {
  if (value === undefined) return '-';
  return Array.isArray(value) && value.length === 0 ? '-' : String(value);
}

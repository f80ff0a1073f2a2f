import { loadConfig } from '../server/config.ts';
import { optionName } from '../server/options.ts';
import { exitCodes, reportFailure } from './exit-codes.ts';
import type { Flags } from './flags.ts';

/** Prints every option with its value and where it comes from. */
export async function checkConfig(flags: Flags): Promise<number> {
  try {
    const { config, origins, file } = await loadConfig({ flags, environment: process.env });
    for (const [key, value] of Object.entries(config)) {
      const origin = origins.get(key) ?? 'default';
      const from = origin === 'file' ? (file ?? 'file') : origin;
      process.stdout.write(`${optionName(key).padEnd(24)}${shown(value).padEnd(28)}${from}\n`);
    }
    return exitCodes.ok;
  } catch (error) {
    return reportFailure(error);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return '-';
  return Array.isArray(value) && value.length === 0 ? '-' : String(value);
}

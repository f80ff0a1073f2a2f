import type { Config } from './config.ts';
import type { ApplyParts } from './definitions/at-start.ts';
import type { Log } from './log.ts';

export interface LoadedDefinitions {
  /** There will be users when they are applied. */
  readonly hasUsers: boolean;
  /** Makes the broker so; nothing is dropped. @throws GantryError naming file, line and column where one is to blame */
  apply(parts: ApplyParts, log: Log): Promise<void>;
}

/**
 * The definitions that the options name, their form judged.
 * @returns undefined: there are none, and nothing about them was read from disk
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function loadDefinitions(
  config: Pick<Config, 'definitions' | 'inlineDefinitions'>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<LoadedDefinitions | undefined> {
  if (config.definitions.length === 0 && config.inlineDefinitions.length === 0) return undefined;
  const { applyWritten, logSteps, readConfigured } = await import('./definitions/at-start.ts');
  const written = await readConfigured(config, environment);
  return {
    hasUsers: (written.plain.users ?? []).length > 0,
    apply: async (parts, log) => logSteps(await applyWritten(written, parts), log),
  };
}

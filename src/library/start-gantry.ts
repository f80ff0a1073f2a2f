import { embed } from './embed.ts';
import type { Gantry } from './gantry.ts';
import type { GantryOptions } from './options.ts';

/**
 * Starts a broker in this process, for tests: on a free port of this machine alone, with nothing on disk, unless asked
 * otherwise. It reads no file, variable or signal of the process, prints nothing and never ends it. Any number may run at once.
 * @throws GantryError `invalid-argument`: an option; `unavailable`: a port or folder is in use
 */
export function startGantry(options: GantryOptions = {}): Promise<Gantry> {
  return embed(options);
}

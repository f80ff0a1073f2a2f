import { GantryError } from '../model/errors.ts';

/** What the program ends with; scripts rely on them. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** Says one line and gives the code: a mistake in options, variables or file is the caller's to mend, the rest is ours. */
export function reportFailure(error: unknown): number {
  if (!(error instanceof GantryError)) throw error;
  process.stderr.write(`gantry: ${error.message.replaceAll('\n', ' ')}\n`);
  return error.code === 'invalid-argument' ? exitCodes.usage : exitCodes.failed;
}

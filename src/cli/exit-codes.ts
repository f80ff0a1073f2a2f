import { type ErrorCode, GantryError } from '../model/errors.ts';
import { Interrupted, interruptedCode } from './interrupted.ts';
import { printable } from './printable.ts';

/** What the program ends with; scripts rely on them. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, unreachable: 3, notFound: 4, denied: 5 } as const;

const codeByError: ReadonlyMap<ErrorCode, number> = new Map([
  ['invalid-argument', exitCodes.usage],
  ['not-found', exitCodes.notFound],
  ['access-denied', exitCodes.denied],
  ['unauthenticated', exitCodes.denied],
]);

/** No broker answers: the one failure that a client alone has. */
export class Unreachable extends GantryError {}

/** Says one line and gives the code: a mistake in what was typed is the caller's to mend, the rest is ours. */
export function reportFailure(error: unknown): number {
  const code = reportError(error);
  return error instanceof Interrupted ? interruptedCode : code;
}

function reportError(error: unknown): number {
  if (!(error instanceof GantryError)) throw error;
  const hint = error.hint === undefined ? '' : ` (${error.hint})`;
  process.stderr.write(`gantry: ${printable(`${error.message}${hint}`.replaceAll('\n', ' '))}\n`);
  return error instanceof Unreachable ? exitCodes.unreachable : (codeByError.get(error.code) ?? exitCodes.failed);
}

import { createInterface } from 'node:readline/promises';
import { GantryError } from '../model/errors.ts';
import { type CommandInput, isSet } from './command.ts';
import { printable } from './printable.ts';

/**
 * Asks before something is lost, on a terminal; a script says `--force`.
 * @throws GantryError `invalid-argument` when nobody can be asked
 */
export async function confirm(input: CommandInput, what: string): Promise<boolean> {
  if (isSet(input, 'force')) return true;
  if (!process.stdin.isTTY) throw new GantryError('invalid-argument', `${what}: say --force where nobody can be asked`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${printable(what)}? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

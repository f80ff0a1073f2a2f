import { createInterface } from 'node:readline/promises';
import { GantryError } from '../model/errors.ts';
import { type CommandInput, isSet } from './command.ts';
import { Interrupted } from './interrupted.ts';
import { printable } from './printable.ts';

/**
 * Asks before something is lost, on a terminal; a script says `--force`.
 * @throws GantryError `invalid-argument` when nobody can be asked, Interrupted at Ctrl-C and Ctrl-D
 */
export async function confirm(input: CommandInput, what: string): Promise<boolean> {
  if (isSet(input, 'force')) return true;
  if (!process.stdin.isTTY) throw new GantryError('invalid-argument', `${what}: say --force where nobody can be asked`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const left = new Promise<never>((_, reject) => {
      terminal.once('SIGINT', () => terminal.close());
      terminal.once('close', () => reject(new Interrupted()));
    });
    left.catch(() => undefined); // Closed after an answer as well.
    const answer = await Promise.race([terminal.question(`${printable(what)}? [y/N] `), left]);
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    process.stderr.write('\n');
    throw error;
  } finally {
    terminal.close();
  }
}

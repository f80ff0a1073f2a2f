import { GantryError } from '../model/errors.ts';
import { readTextFile } from '../server/text-file.ts';
import { type CommandInput, flag, isSet } from './command.ts';
import { Interrupted } from './interrupted.ts';
import { printable } from './printable.ts';
import { isStandardInput, readStandardInput } from './standard-input.ts';

/** A password never stands among a command's arguments: there every user of the machine can read it. */

/**
 * For a user that is made or changed: of `--password-file` (`-` is standard input), asked for twice on a terminal with
 * `--password`, or read from a pipe. @returns undefined: none is wanted
 */
export async function newPassword(input: CommandInput): Promise<string | undefined> {
  const file = flag(input, 'passwordFile');
  if (file !== undefined) return isStandardInput(file) ? await readPiped() : await readPasswordFile(file);
  if (!isSet(input, 'password')) return undefined;
  if (!process.stdin.isTTY) return await readPiped();
  const password = await askHidden('password: ');
  if ((await askHidden('once more: ')) === password) return password;
  throw new GantryError('invalid-argument', 'the two passwords differ');
}

/** Who asks, where the environment has no password: `GANTRY_PASSWORD`, else asked for on a terminal. */
export async function ownPassword(user: string): Promise<string> {
  const given = process.env.GANTRY_PASSWORD;
  if (given !== undefined) return given;
  return process.stdin.isTTY === true && process.stderr.isTTY === true ? await askHidden(`password of ${user}: `) : '';
}

async function readPasswordFile(path: string): Promise<string> {
  try {
    return withoutLineEnd(await readTextFile(path, { bytesMax: pipedCharactersMax, mayBePipe: true }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `--password-file: ${why}`, { cause });
  }
}

async function readPiped(): Promise<string> {
  return withoutLineEnd(await readStandardInput(pipedCharactersMax));
}

const pipedCharactersMax = 4_096;

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** What is typed is not shown. @throws Interrupted at Ctrl-C and Ctrl-D */
async function askHidden(question: string): Promise<string> {
  const { createInterface } = await import('node:readline');
  const { Writable } = await import('node:stream');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(printable(question)); // Now that no key is shown or acted on by the terminal itself.
  let isAnswered = false;
  return await new Promise<string>((resolve, reject) => {
    terminal.on('SIGINT', () => terminal.close());
    terminal.on('close', () => {
      if (!isAnswered) process.stderr.write('\n');
      reject(new Interrupted());
    });
    terminal.question('', (answer) => {
      isAnswered = true;
      process.stderr.write('\n');
      resolve(answer);
      terminal.close();
    });
  });
}

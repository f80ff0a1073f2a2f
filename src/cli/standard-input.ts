import { GantryError } from '../model/errors.ts';

/** All of standard input as text. @throws GantryError `invalid-argument` when it is longer */
export async function readStandardInput(charactersMax: number): Promise<string> {
  let text = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > charactersMax)
      throw new GantryError('invalid-argument', `standard input is longer than ${charactersMax} characters`);
  }
  return text;
}

/** As a program's other files may be named. */
export function isStandardInput(path: string): boolean {
  return path === '-' || path === '/dev/stdin';
}

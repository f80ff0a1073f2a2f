import { GantryError } from '../model/errors.ts';
import { readTextFile } from '../server/text-file.ts';
import { isStandardInput, readStandardInput } from './standard-input.ts';

const policyCharactersMax = 1 << 20;

/** The policy that a file holds, as YAML or JSON; the broker judges what it says. `-` is standard input. */
export async function readPolicyFile(path: string): Promise<unknown> {
  try {
    const source = isStandardInput(path)
      ? await readStandardInput(policyCharactersMax)
      : await readTextFile(path, { bytesMax: policyCharactersMax, mayBePipe: true });
    const { parse } = await import('yaml');
    const policy: unknown = parse(source, { maxAliasCount: 0 });
    return policy;
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new GantryError('invalid-argument', `--policy ${path}: ${why}`, { cause });
  }
}

import { GantryError } from '../model/errors.ts';
import { type OptionKey, variableName } from './options.ts';
import { readTextFile } from './text-file.ts';

const suffix = '_FILE';
const bytesMax = 64 * 1024;

/** The variable that names a file with the value of another, as containers mount secrets; undefined: there is none. */
export function fileVariableName(key: string): string | undefined {
  // The file of GANTRY_CONFIG is the configuration itself, and who writes GANTRY_CONFIG_FILE means that.
  return key === ('config' satisfies OptionKey) ? undefined : `${variableName(key)}${suffix}`;
}

/**
 * What the file holds, without the newline that editors put at its end.
 * @throws GantryError `invalid-argument` naming the variable
 */
export async function readVariableFile(name: string, path: string): Promise<string> {
  try {
    return (await readTextFile(path, { bytesMax })).replace(/\r?\n$/, '');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `${name} ${JSON.stringify(path.slice(0, 200))}: ${why}`, { cause });
  }
}

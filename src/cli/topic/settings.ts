import { GantryError } from '../../model/errors.ts';
import { readTextFile } from '../../server/text-file.ts';
import { type CommandInput, flag } from '../command.ts';
import { pairs } from '../values.ts';
import type { SettingFlag } from './setting-options.ts';

const fileBytesMax = 1 << 20;

/**
 * What the flags say of a topic or subscription, as the admin API takes it; the broker judges the values.
 * @throws GantryError `invalid-argument`
 */
export async function readSettings(
  input: CommandInput,
  flags: Readonly<Record<string, SettingFlag>>,
): Promise<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  for (const [key, row] of Object.entries(flags)) {
    const text = flag(input, row.flagKey);
    if (text === undefined || row.isList === true) continue;
    if (row.isRemovable === true && text === 'none') body[key] = null;
    else body[key] = row.isJson === true ? await jsonOf(row.flags, text) : text;
  }
  return body;
}

/** @param before the tags that stay beside the new ones @returns undefined: nothing is said of tags */
export function readTags(
  input: CommandInput,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const tags = pairs(input, 'tag');
  const gone = input.flags.untag ?? [];
  if (tags.length + gone.length === 0) return undefined;
  return Object.fromEntries([...Object.entries(before).filter(([name]) => !gone.includes(name)), ...tags]);
}

/** What is not shown is as by default. */
export function settingText(value: unknown): string {
  if (value === undefined) return 'default';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function jsonOf(flags: string, text: string): Promise<unknown> {
  try {
    const source = text.startsWith('@')
      ? await readTextFile(text.slice(1), { bytesMax: fileBytesMax, mayBePipe: true })
      : text;
    const value: unknown = JSON.parse(source);
    return value;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `${flags.split(' ')[0]}: ${why}`, { cause });
  }
}

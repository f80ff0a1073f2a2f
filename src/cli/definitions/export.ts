import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { GantryError } from '../../model/errors.ts';
import { escapedText } from '../../server/definitions/definition-files.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, flag } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { whileWaiting } from './waiting.ts';

type Exported = Readonly<Record<string, readonly unknown[]>>;

/** Writes what `import` reads, on standard output or into a file that only its owner can read. */
export async function exportDefinitions(input: CommandInput): Promise<number> {
  const [file] = input.args;
  const isJson = isJsonAsked(input, file);
  const client = await connect(input);
  const query = { prefix: flag(input, 'prefix') };
  const exported = await whileWaiting('exporting', () => client.call<Exported>('GET', '/definitions', query));
  const text = isJson ? `${JSON.stringify(escaped(exported), undefined, 2)}\n` : await yamlOf(exported);
  if (file === undefined) process.stdout.write(text);
  else {
    await writeWhole(file, text);
    const count = Object.values(exported).reduce((sum, items) => sum + items.length, 0);
    say(`${file}: ${count} definitions`);
  }
  return exitCodes.ok;
}

/** @throws GantryError `invalid-argument` */
function isJsonAsked(input: CommandInput, file: string | undefined): boolean {
  const format = flag(input, 'output') ?? (file?.endsWith('.json') ? 'json' : 'yaml');
  if (format === 'json' || format === 'yaml') return format === 'json';
  throw new GantryError('invalid-argument', `-o "${format}": expected yaml or json`);
}

/** Editors that have the file beside this one complete and check what is typed. */
const schemaLine = '# yaml-language-server: $schema=definitions.schema.json\n';

async function yamlOf(exported: Exported): Promise<string> {
  const { stringify } = await import('yaml');
  return schemaLine + stringify(escaped(exported), { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** What looks like a variable must come back as it is. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return escapedText(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, escaped(one)]));
}

/** Either the old file stays or the new one is whole. @throws GantryError `invalid-argument` */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `${path}: ${why}`, { resource: path, cause });
  }
}

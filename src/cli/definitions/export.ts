import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { GantryError } from '../../model/errors.ts';
import { definitionKinds } from '../../server/definitions/kinds.ts';
import { escapedItem } from '../../server/definitions/variables.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, flag } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { printExact, say } from '../output.ts';
import { jsonText } from '../printable.ts';
import { targetFile } from '../target-file.ts';
import { manyPatience, whileWaiting } from './waiting.ts';

type Exported = Readonly<Record<string, readonly unknown[]>>;

/** Writes what `import` reads, on standard output or into a file that only its owner can read. */
export async function exportDefinitions(input: CommandInput): Promise<number> {
  const [file] = input.args;
  const isJson = isJsonAsked(input, file);
  const client = await connect(input);
  const query = { prefix: flag(input, 'prefix') };
  const { users, ...others } = await whileWaiting('exporting', () =>
    client.call<Exported>('GET', '/definitions', query, undefined, manyPatience),
  );
  // A list that is empty would let `import --prune` drop the users of a broker that has some.
  const exported = users === undefined || users.length === 0 ? others : { ...others, users };
  const text = isJson ? `${jsonText(escaped(exported), 2)}\n` : schemaLine + remarkOf(users) + (await yamlOf(exported));
  if (file === undefined) await printExact(text);
  else {
    await writeWhole(await targetFile(file), text);
    const count = Object.values(exported).reduce((sum, items) => sum + items.length, 0);
    say(`${file}: ${count} definitions`);
  }
  if (users === undefined) say(usersLeftOut);
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
const usersLeftOut = 'Users are left out: only an admin exports them.';
const secretsLines =
  '# Passwords and secrets are not in here. A broker that has these users keeps theirs; for another one set the variables\n' +
  '# named below, USER_<name>_PASSWORD and KEY_<id>_SECRET, before gantry import.\n';

async function yamlOf(exported: Exported): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(escaped(exported), { aliasDuplicateObjects: false, lineWidth: 0 });
}

function remarkOf(users: readonly unknown[] | undefined): string {
  if (users === undefined) return `# ${usersLeftOut}\n`;
  return users.length === 0 ? '' : secretsLines;
}

/** What looks like a variable must come back as it is. */
function escaped(exported: Exported): Exported {
  return Object.fromEntries(
    Object.entries(exported).map(([key, items]) => {
      const kind = definitionKinds.find((one) => one.key === key);
      return [key, items.map((item) => escapedItem(item, kind))];
    }),
  );
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

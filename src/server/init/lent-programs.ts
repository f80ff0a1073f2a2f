import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What stands in for the AWS CLI; named and not imported, for the server does not know the command line. */
const ownAws = fileURLToPath(new URL('../../cli/aws/main.js', import.meta.url));
const programs: Readonly<Record<string, string>> = {
  /** The endpoint stands on the line because version 1 of the AWS CLI does not heed the variable for SQS. */
  awslocal: 'exec aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"',
  aws: `exec ${quoted(process.execPath)} ${quoted(ownAws)} "$@"`,
};
const nothingBorrowed = { path: undefined, giveBack: async () => undefined };

interface Borrowed {
  /** PATH with the folder at its end; undefined: PATH is right as it is. */
  readonly path: string | undefined;
  giveBack(): Promise<void>;
}

/**
 * LocalStack's scripts call `awslocal`, and that calls `aws`: what nobody has installed is lent to them for as long as they
 * run. In the data folder, which can be written to where the root is read-only, and run from where /tmp is not.
 */
export async function borrowPrograms(dataDir: string): Promise<Borrowed> {
  const missing = Object.entries(programs).filter(([name]) => !isOnPath(name));
  if (missing.length === 0) return nothingBorrowed;
  const folder = await makeFolder(dataDir, missing).catch(() => undefined);
  if (folder === undefined) return nothingBorrowed; // No room, no right: then a script that calls one says so.
  const path = [process.env.PATH, folder].filter((part) => part !== undefined && part !== '').join(delimiter);
  return { path, giveBack: () => rm(folder, { recursive: true, force: true }) };
}

async function makeFolder(dataDir: string, scripts: readonly (readonly [string, string])[]): Promise<string> {
  const isInMemory = dataDir === ':memory:';
  const folder = isInMemory ? await mkdtemp(join(tmpdir(), 'gantry-init-')) : resolve(dataDir, 'init-bin');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, line] of scripts) await writeFile(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o700 });
  return folder;
}

/** For sh. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** The endpoint stands on the line because version 1 of the AWS CLI does not heed the variable for SQS. */
const script = `#!/bin/sh
exec aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"
`;
const nothingBorrowed = { path: undefined, giveBack: async () => undefined };

interface Borrowed {
  /** PATH with the folder at its end; undefined: PATH is right as it is. */
  readonly path: string | undefined;
  giveBack(): Promise<void>;
}

/**
 * LocalStack's scripts call `awslocal`: where nobody has installed it, it is lent to them for as long as they run. In the
 * data folder, which can be written to where the root is read-only, and run from where /tmp is not.
 */
export async function borrowAwslocal(dataDir: string): Promise<Borrowed> {
  if (isOnPath('awslocal')) return nothingBorrowed;
  const folder = await makeFolder(dataDir).catch(() => undefined);
  if (folder === undefined) return nothingBorrowed; // No room, no right: then a script that calls it says so.
  const path = [process.env.PATH, folder].filter((part) => part !== undefined && part !== '').join(delimiter);
  return { path, giveBack: () => rm(folder, { recursive: true, force: true }) };
}

async function makeFolder(dataDir: string): Promise<string> {
  const isInMemory = dataDir === ':memory:';
  const folder = isInMemory ? await mkdtemp(join(tmpdir(), 'gantry-init-')) : resolve(dataDir, 'init-bin');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'awslocal'), script, { mode: 0o700 });
  return folder;
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

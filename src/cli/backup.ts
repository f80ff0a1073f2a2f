import { link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { GantryError } from '../model/errors.ts';
import { connect } from './admin-client.ts';
import { type CommandInput, isSet } from './command.ts';
import { exitCodes, Unreachable } from './exit-codes.ts';
import { say } from './output.ts';
import { createProgress, type Progress } from './progress.ts';
import { targetFile } from './target-file.ts';
import { bytesText } from './units.ts';

const tickMs = 250;
/** The broker says nothing while it copies. */
const copyMsMax = 3_600_000;

/** Has the running broker copy its store into a file here, which has its name when it is whole and on disk. */
export async function takeBackup(input: CommandInput): Promise<number> {
  const file = await targetFile(input.args[0] ?? '');
  const isForced = isSet(input, 'force');
  if (!isForced && (await isThere(file))) throw alreadyThere(file);
  await removeDeadParts(file);
  const part = `${file}.${process.pid}.part`;
  const progress = createProgress();
  const endEarly = removeOnSignal(part);
  try {
    const bytes = await download(input, part, progress);
    await name(part, file, isForced);
    progress.end();
    say(`${file}: ${bytesText(bytes)}`);
    return exitCodes.ok;
  } catch (error) {
    throw explained(error, file);
  } finally {
    progress.end();
    endEarly();
    await rm(part, { force: true });
  }
}

async function download(input: CommandInput, part: string, progress: Progress): Promise<number> {
  const handle = await open(part, 'wx', 0o600); // First, so that a folder without rights costs the broker nothing.
  const waiting = setInterval(() => progress.show('the broker copies its store', 0, 0), tickMs);
  try {
    const client = await connect(input);
    const answer = await client.open('POST', '/backup', {}, undefined, { answerMs: copyMsMax });
    clearInterval(waiting);
    const total = Number(answer.headers['content-length'] ?? 0);
    let bytes = 0;
    for await (const chunk of chunksOf(answer, client.endpoint)) {
      if (bytes === 0 && !chunk.subarray(0, storeMagic.length).equals(storeMagic)) throw noStore(client.endpoint);
      await handle.write(chunk);
      bytes += chunk.length;
      progress.show(basename(part).replace(/\.\d+\.part$/, ''), bytes, total);
    }
    if (bytes === 0) throw noStore(client.endpoint);
    if (bytes !== total) throw cutOff(client.endpoint, `${bytes} of ${total} bytes came`);
    await handle.sync();
    return bytes;
  } finally {
    clearInterval(waiting);
    await handle.close();
  }
}

async function* chunksOf(answer: IncomingMessage, endpoint: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer) if (chunk instanceof Buffer) yield chunk;
  } catch (cause) {
    throw cutOff(endpoint, cause instanceof Error ? cause.message : String(cause));
  }
}

/** How every file of SQLite begins [SQLite, database file format 1.3]. */
const storeMagic = Buffer.from('SQLite format 3\0');

function noStore(endpoint: string): GantryError {
  return new Unreachable('unavailable', `what ${endpoint} sent is no backup: nothing is written`);
}

function cutOff(endpoint: string, why: string): GantryError {
  return new Unreachable('unavailable', `the backup from ${endpoint} was cut off: ${why}`);
}

/** Without force it never takes the place of a file that has come meanwhile. */
async function name(part: string, file: string, isForced: boolean): Promise<void> {
  if (isForced) await rename(part, file);
  else await link(part, file);
  const folder = await open(dirname(file), 'r').catch(() => undefined); // Windows opens no folder.
  await folder?.sync();
  await folder?.close();
}

/** What a killed run of this command left; those of one that lives carry its process id. */
async function removeDeadParts(file: string): Promise<void> {
  const names = await readdir(dirname(file)).catch(() => []);
  for (const one of names) {
    const [, id] = one.startsWith(`${basename(file)}.`) ? (/\.(\d+)\.part$/.exec(one) ?? []) : [];
    if (id !== undefined && one === `${basename(file)}.${id}.part` && !isAlive(Number(id)))
      await rm(join(dirname(file), one), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // Somebody else's.
  }
}

function removeOnSignal(part: string): () => void {
  const end = (signal: NodeJS.Signals): void => {
    void rm(part, { force: true }).finally(() => process.exit(128 + (signal === 'SIGINT' ? 2 : 15)));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  return () => {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  };
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function alreadyThere(file: string): GantryError {
  return new GantryError('already-exists', `${file} is there already`, { hint: 'replace it with --force' });
}

function explained(error: unknown, file: string): unknown {
  if (error instanceof GantryError || !(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'EEXIST') return alreadyThere(file);
  if (error.code === 'ENOSPC') return new GantryError('store-full', `no space left for ${file}`, { cause: error });
  return new GantryError('unavailable', `${file} cannot be written: ${error.message}`, { cause: error });
}

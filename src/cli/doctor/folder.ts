import { access, constants } from 'node:fs/promises';
import type { Config } from '../../server/config.ts';
import { type FolderFacts, folderFacts } from '../../server/folder-facts.ts';
import { bytesText } from '../units.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { checkSync } from './sync.ts';

/** The folder of the messages, its disk, and what lies in it. */
export async function checkFolder({
  dataDir,
  diskFreeMin,
}: Pick<Config, 'dataDir' | 'diskFreeMin'>): Promise<readonly Finding[]> {
  if (dataDir === ':memory:') return [ok('data folder', 'none: nothing is kept (--data-dir :memory:)')];
  const facts = await folderFacts(dataDir);
  const isUsable = await access(facts.onDisk, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return [
    judgeFolder(facts, isUsable, process.getuid?.()),
    judgeFileSystem(facts),
    judgeSpace(facts, diskFreeMin),
    ...(isUsable && facts.stats?.isFile() !== true ? [checkSync(facts.onDisk)] : []),
    ...judgeFiles(facts),
  ];
}

export function judgeFolder(
  { path, stats, onDisk, heldBy }: FolderFacts,
  isUsable: boolean,
  uid: number | undefined,
): Finding {
  if (stats !== undefined && !stats.isDirectory())
    return fail('data folder', `${path} is a file, no folder`, 'choose another with --data-dir');
  if (!isUsable)
    return fail(
      'data folder',
      `${onDisk}: this user may not write there`,
      'give the right, or another with --data-dir',
    );
  if (stats === undefined) return ok('data folder', `${path} is not there yet: a start makes it, for this user alone`);
  if (uid !== undefined && stats.uid !== uid) {
    const text = `${path} belongs to user ${stats.uid}, this is user ${uid}`;
    return warn('data folder', text, 'start the broker as the owner: files of two users keep one another out');
  }
  const mode = stats.mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const text = `${path} has mode ${mode.toString(8)}: others may read the messages, or the key that signs receipts`;
    return warn('data folder', text, `chmod 700 ${path}`);
  }
  return ok('data folder', heldBy === undefined ? path : `${path}, in use by the broker of process ${heldBy}`);
}

export function judgeFileSystem({ onDisk, networkFileSystem, isInMemoryOnly }: FolderFacts): Finding {
  if (networkFileSystem !== undefined) {
    const text = `${onDisk} is on ${networkFileSystem}: its locks and syncs promise nothing, a start is refused`;
    return fail('file system', text, 'a folder on a local disk, or on a block device of the network (EBS, iSCSI)');
  }
  if (isInMemoryOnly)
    return warn('file system', `${onDisk} is on tmpfs: gone when the machine stops`, 'fine for tests; else a disk');
  return ok('file system', 'local');
}

const freeBytesLow = 1024 * 1024 * 1024;

export function judgeSpace({ freeBytes }: Pick<FolderFacts, 'freeBytes'>, diskFreeMin: number): Finding {
  const shown = `${bytesText(freeBytes)} free`;
  if (freeBytes < diskFreeMin) {
    const text = `${shown}, --disk-free-min is ${bytesText(diskFreeMin)}: sends are refused until there is more`;
    return fail('space', text, 'free some, or consume and purge');
  }
  return freeBytes < Math.max(freeBytesLow, diskFreeMin * 2)
    ? warn('space', shown, 'more room, before sends are refused')
    : ok('space', shown);
}

const kinds = [
  { pattern: /^gantry\.db\.v\d+-backup$/, what: 'kept by an upgrade' },
  { pattern: /^gantry\.db\.replaced-.*(?<!-wal)$/, what: 'moved aside by a restore' },
] as const;

/** What nobody needs any more, or who knows. */
export function judgeFiles({
  files,
  heldBy,
  path,
}: Pick<FolderFacts, 'files' | 'heldBy' | 'path'>): readonly Finding[] {
  const findings: Finding[] = [];
  const halves = files.filter(({ name }) => name.endsWith('.part') || name.startsWith('gantry-probe-'));
  if (halves.length > 0 && heldBy === undefined) {
    const text = `${halves.length} half files of copies that were cut off, ${bytesText(sum(halves))}`;
    findings.push(warn('left files', text, `the next start removes what a backup left; else rm ${path}/*.part`));
  }
  for (const { pattern, what } of kinds) {
    const kept = files.filter(({ name }) => pattern.test(name));
    if (kept.length === 0) continue;
    const text = `${what}: ${kept.map(({ name }) => name).join(', ')}, ${bytesText(sum(kept))}`;
    findings.push(ok('left files', `${text}; to be deleted when all is well`));
  }
  return findings;
}

function sum(files: FolderFacts['files']): number {
  return files.reduce((bytes, file) => bytes + file.bytes, 0);
}

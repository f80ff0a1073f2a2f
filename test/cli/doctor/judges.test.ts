import { describe, expect, test } from 'vitest';
import { judgeAwsCli } from '../../../src/cli/doctor/aws-cli.ts';
import { judgeEnd } from '../../../src/cli/doctor/certificate.ts';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { judgeFileSystem, judgeFiles, judgeFolder, judgeSpace } from '../../../src/cli/doctor/folder.ts';
import { judgeClock, judgeMemory, judgeOpenFiles } from '../../../src/cli/doctor/machine.ts';
import { judgeSync } from '../../../src/cli/doctor/sync.ts';
import type { FolderFacts } from '../../../src/server/folder-facts.ts';

const mebibyte = 1024 * 1024;
const now = new Date('2026-11-27T16:00:00Z');
const options = { bodyCacheBytes: 8 * mebibyte, pendingBytesMax: 64 * mebibyte };
const facts: FolderFacts = {
  path: '/srv/gantry',
  stats: undefined,
  onDisk: '/srv',
  freeBytes: 5 * 1024 * mebibyte,
  networkFileSystem: undefined,
  isInMemoryOnly: false,
  heldBy: undefined,
  files: [],
};

const cases: readonly (readonly [string, Finding, Finding['status'], string])[] = [
  ['a quick disk', judgeSync({ p50Us: 200, p99Us: 900 }), 'ok', '5,000 sends a second'],
  ['an SSD without power-loss protection', judgeSync({ p50Us: 2_000, p99Us: 4_000 }), 'ok', 'power-loss protection'],
  ['a turning disk', judgeSync({ p50Us: 25_000, p99Us: 40_000 }), 'warn', '40 sends a second'],
  ['a disk that lies', judgeSync({ p50Us: 19, p99Us: 40 }), 'warn', 'too quick to be true'],
  ['a sync that is just possible', judgeSync({ p50Us: 20, p99Us: 40 }), 'ok', '50,000'],
  ['a disk with pauses', judgeSync({ p50Us: 500, p99Us: 30_000 }), 'warn', 'now and then one waits'],
  ['a clock that goes', judgeClock(now, 3), 'ok', '2026-11-27'],
  ['a clock that jumps', judgeClock(now, -3_000), 'warn', '-3000 ms'],
  ['a clock that was never set', judgeClock(new Date(0), 0), 'fail', '1970'],
  ['a certificate with two weeks left', judgeEnd(14, '2026-12-11'), 'ok', '2026-12-11'],
  ['a certificate that ends soon', judgeEnd(13, '2026-12-10'), 'warn', '13 days'],
  ['enough open files', judgeOpenFiles(10_064, 10_000), 'ok', '10,064'],
  ['too few open files', judgeOpenFiles(10_063, 10_000), 'warn', '--connections-max'],
  ['next to no open files', judgeOpenFiles(100, 10_000), 'fail', '--connections-max'],
  ['open files without limit', judgeOpenFiles(Number.POSITIVE_INFINITY, 10_000), 'ok', 'without limit'],
  ['enough memory', judgeMemory(232 * mebibyte, options, 'of this container'), 'ok', '232 MiB of this container'],
  ['little memory', judgeMemory(231 * mebibyte, options, 'of this container'), 'warn', '232 MiB'],
  ['far too little memory', judgeMemory(64 * mebibyte, options, 'of this container'), 'fail', '64 MiB'],
  ['room', judgeSpace(facts, 64 * mebibyte), 'ok', '5.0 GiB free'],
  ['little room', judgeSpace({ freeBytes: 500 * mebibyte }, 64 * mebibyte), 'warn', '500 MiB'],
  ['less than twice what is kept', judgeSpace(facts, 3_000 * mebibyte), 'warn', '5.0 GiB'],
  ['no room', judgeSpace({ freeBytes: 63 * mebibyte }, 64 * mebibyte), 'fail', 'sends are refused'],
  ['a local file system', judgeFileSystem(facts), 'ok', 'local'],
  ['a network file system', judgeFileSystem({ ...facts, networkFileSystem: 'NFS' }), 'fail', 'NFS'],
  ['tmpfs', judgeFileSystem({ ...facts, isInMemoryOnly: true }), 'warn', 'tmpfs'],
  ['a folder still to be made', judgeFolder(facts, true, 0), 'ok', 'not there yet'],
  ['a folder without rights', judgeFolder(facts, false, 0), 'fail', 'may not write'],
  ['aws CLI 1', judgeAwsCli('aws-cli/1.45.11 Python/3.11.7 Linux/6', 'http://127.0.0.1:4570'), 'warn', 'version 1'],
  ['aws CLI 2', judgeAwsCli('aws-cli/2.31.0 Python/3.13 Linux/6', 'http://127.0.0.1:4570'), 'ok', '2.31.0'],
  ['an aws that says something else', judgeAwsCli('hello', 'http://127.0.0.1:4570'), 'ok', 'not known'],
];

test.each(cases)('%s', (_, finding, status, text) => {
  expect(finding).toMatchObject({ status, text: expect.stringContaining(text) });
  expect(finding.wayOut === undefined).toBe(status === 'ok');
});

describe('files that were left', () => {
  const names = ['gantry.db', 'gantry.db.v1-backup', 'gantry.db.replaced-2026-11-27', 'gantry.backups/a.db.1.part'];
  const files = names.map((name) => ({ name, bytes: mebibyte }));

  test('half files are warned of, copies are named, the store itself is not', () => {
    const findings = judgeFiles({ ...facts, files });

    expect(findings.map(({ status }) => status)).toEqual(['warn', 'ok', 'ok']);
    expect(findings.map(({ text }) => text).join()).toMatch(/1 half.*v1-backup.*replaced-2026/s);
  });

  test('while a broker runs, a half file is its backup under way', () => {
    expect(judgeFiles({ ...facts, files, heldBy: '7' }).map(({ status }) => status)).toEqual(['ok', 'ok']);
  });
});

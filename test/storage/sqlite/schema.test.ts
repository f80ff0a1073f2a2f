import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore, storeFileName } from '../../../storage/sqlite/index.ts';
import { schemaVersion } from '../../../storage/sqlite/schema.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-schema-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const file = join(dataDir, storeFileName);
  const open = async () => {
    const store = openSqliteStore({ dataDir, clock: createFakeClock(), synchronous: 'OFF', isThreaded: false });
    await store.start();
    await store.stop();
  };
  const sql = (text: string) => {
    const db = new Database(file);
    db.exec(text);
    db.close();
  };
  const pragma = (name: string) => {
    const db = new Database(file, { readonly: true });
    const value = db.pragma(name, { simple: true });
    db.close();
    return value;
  };
  return { dataDir, file, open, sql, pragma };
}

it('an empty folder gets a file that says whose it is, of which schema, and that it gives pages back', async () => {
  const { open, pragma } = setup();

  await open();

  expect(pragma('application_id')).toBe(0x47414e54);
  expect(pragma('user_version')).toBe(schemaVersion);
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('auto_vacuum')).toBe(2);
});

it('an empty file is taken as a new store', async () => {
  const { file, open, pragma } = setup();
  writeFileSync(file, '');

  await open();

  expect(pragma('user_version')).toBe(schemaVersion);
});

it('a file of this schema opens again', async () => {
  const { open } = setup();
  await open();

  await expect(open()).resolves.toBeUndefined();
});

it('a file of a newer schema is refused with both versions named', async () => {
  const { open, sql } = setup();
  await open();
  sql(`PRAGMA user_version = ${schemaVersion + 1}`);

  await expect(open()).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining(`schema ${schemaVersion + 1}`),
  });
});

it("somebody else's database is refused, and not one byte of it changes", async () => {
  const { dataDir, file, open, sql } = setup();
  sql('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
  const before = readFileSync(file);

  await expect(open()).rejects.toMatchObject({ code: 'unsupported' });

  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(dataDir).filter((name) => name.startsWith(storeFileName))).toEqual([storeFileName]);
});

it('a file with the application id of another program is refused', async () => {
  const { open, sql } = setup();
  sql('PRAGMA application_id = 7');

  await expect(open()).rejects.toMatchObject({ code: 'unsupported' });
});

it('a file that is no database is refused', async () => {
  const { file, open } = setup();
  writeFileSync(file, 'something else entirely, and long enough to be taken for a header '.repeat(20));

  await expect(open()).rejects.toMatchObject({ code: 'unsupported' });
});

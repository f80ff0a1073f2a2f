import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore, type SqliteStoreOptions, storeFileName } from '../../../storage/sqlite/index.ts';
import { migrations, schemaVersion } from '../../../storage/sqlite/schema.ts';
import { mountSmallDisk } from '../../faults/support/small-disk.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

function setup() {
  const dataDir = mkdtempSync(join(tmpdir(), 'gantry-schema-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const file = join(dataDir, storeFileName);
  const migrated: unknown[] = [];
  const open = async (options: Partial<SqliteStoreOptions> = {}) => {
    const onMigrated = (how: unknown) => migrated.push(how);
    const fixed = { dataDir, clock: createFakeClock(), synchronous: 'OFF', isThreaded: false, onMigrated } as const;
    const store = openSqliteStore({ ...fixed, ...options });
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
  return { dataDir, file, open, sql, pragma, migrated, copy: `${file}.v${schemaVersion}-backup` };
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

/** This release's schemas and one that is still to come. */
const later = [...migrations, 'CREATE TABLE later (a); INSERT INTO later VALUES (1)'];

it('a migration keeps the file as it was, for its owner alone, and tells of it', async () => {
  const { file, open, pragma, migrated, copy } = setup();
  await open();

  await open({ migrations: later });

  expect(pragma('user_version')).toBe(schemaVersion + 1);
  expect(migrated).toEqual([{ from: schemaVersion, to: schemaVersion + 1, copy }]);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(existsSync(`${copy}.part`)).toBe(false);
  rmSync(file);
  writeFileSync(file, readFileSync(copy)); // The way back.
  await open();
  expect(pragma('user_version')).toBe(schemaVersion);
});

it('a store of this schema is opened without a copy, and a new one as well', async () => {
  const { dataDir, open, migrated } = setup();

  await open({ migrations: later });
  await open({ migrations: later });

  expect(migrated).toEqual([]);
  expect(readdirSync(dataDir).filter((name) => name.includes('backup'))).toEqual([]);
});

it('what a killed release left in its log is in the copy too', async () => {
  const { file, open, copy } = setup();
  await open();
  const log = new Database(file);
  log.exec("INSERT INTO meta VALUES ('in the log', 1)");
  writeFileSync(`${file}.killed`, readFileSync(file));
  writeFileSync(`${file}.killed-wal`, readFileSync(`${file}-wal`));
  log.close();
  for (const suffix of ['', '-wal']) writeFileSync(`${file}${suffix}`, readFileSync(`${file}.killed${suffix}`));

  await open({ migrations: later });

  const db = new Database(copy);
  onTestFinished(() => void db.close());
  expect(db.prepare("SELECT value FROM meta WHERE key = 'in the log'").pluck().get()).toBe(1);
});

it('told to keep no copy, a migration keeps none', async () => {
  const { open, pragma, migrated, copy } = setup();
  await open();

  await open({ migrations: later, skipsMigrationCopy: true });

  expect(pragma('user_version')).toBe(schemaVersion + 1);
  expect(migrated).toMatchObject([{ copy: undefined }]);
  expect(existsSync(copy)).toBe(false);
});

it('a copy that cannot be made stops the upgrade, names the option, and the file stays as it was', async () => {
  const { open, pragma, copy } = setup();
  await open();
  mkdirSync(copy); // What stands in its way.

  await expect(open({ migrations: later })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(copy),
    hint: expect.stringContaining('--skip-migration-copy'),
  });

  expect(pragma('user_version')).toBe(schemaVersion);
});

it('without room for the copy the upgrade does not begin', async (context) => {
  const disk = await mountSmallDisk(48);
  if (disk === undefined) return context.skip('no file system of its own can be mounted here');
  onTestFinished(() => disk.remove());
  const { open } = setup();
  await open({ dataDir: disk.folder });

  const opening = open({ dataDir: disk.folder, migrations: later });

  await expect(opening).rejects.toMatchObject({ code: 'store-full', message: expect.stringContaining('no room') });
  await open({ dataDir: disk.folder });
});

it('a migration that fails leaves the schema that was, and the copy', async () => {
  const { open, pragma, copy } = setup();
  await open();

  await expect(open({ migrations: [...migrations, 'CREATE TABLE later (a); nonsense'] })).rejects.toThrow('nonsense');

  expect(pragma('user_version')).toBe(schemaVersion);
  expect(existsSync(copy)).toBe(true);
  await expect(open()).resolves.toBeUndefined();
});

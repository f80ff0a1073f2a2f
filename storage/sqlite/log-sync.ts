import { closeSync, fdatasyncSync, openSync } from 'node:fs';

/**
 * What `synchronous = FULL` does at the end of a COMMIT, done by the engine: the log reaches the disk before anything is
 * answered. SQLite as better-sqlite3 builds it calls fsync, which also writes the file's times: a second write of the
 * disk for each commit, and on a journaling file system a commit of its journal. fdatasync writes what was appended, and
 * the size when it grew. The order within SQLite does not matter here: nothing is answered between
 * COMMIT and this, and who else reads the file (copy.ts) may see what no one was told yet. Everything else that FULL syncs (the log's header when it starts anew, both files
 * around a checkpoint) NORMAL syncs as well.
 */
export class LogSync {
  private readonly file: string;
  private descriptor: number | undefined;

  constructor(databaseFile: string) {
    this.file = `${databaseFile}-wal`;
  }

  /** @throws Error when the disk does not take it: then nobody knows what it has */
  sync(): void {
    this.descriptor ??= openSync(this.file, 'r+'); // It is there from the first commit until the last connection closes.
    fdatasyncSync(this.descriptor);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

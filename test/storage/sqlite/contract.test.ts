import { describeStore } from '../../../storage/contract/describe-store.ts';
import { openSqlite } from './open-sqlite.ts';

describeStore('SQLite', openSqlite());
// A thread for each case takes a minute: the shell around the engine is thin, so CI alone goes through all of it again.
if (process.env.CI === 'true') describeStore('SQLite in its thread', openSqlite({ isThreaded: true }));

import { describeStore } from '../../../storage/contract/describe-store.ts';
import { openSqlite } from './open-sqlite.ts';

describeStore('SQLite', openSqlite());

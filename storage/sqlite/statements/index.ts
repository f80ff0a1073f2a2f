import type Database from 'better-sqlite3';
import { appendSql } from './append.ts';
import { queueSql } from './queues.ts';
import { receiveSql } from './receive.ts';
import { recordSql } from './records.ts';
import { settleSql } from './settle.ts';
import { sweepSql } from './sweep.ts';

/** Every statement of the engine, by verb. A test asserts the plan of each. */
export const sqlByVerb = {
  append: appendSql,
  receive: receiveSql,
  settle: settleSql,
  queue: queueSql,
  record: recordSql,
  sweep: sweepSql,
} as const;

export type Statements = {
  readonly [V in keyof typeof sqlByVerb]: {
    readonly [N in keyof (typeof sqlByVerb)[V]]: Database.Statement<unknown[]>;
  };
};

export function prepareStatements(db: Database.Database): Statements {
  const statements = prepareAll(db);
  const { waitingSlice, othersSlice, waitingLaneSlice, slice, laneSlice } = statements.receive;
  for (const statement of [waitingSlice, othersSlice, waitingLaneSlice, slice, laneSlice]) statement.raw();
  return statements;
}

function prepareAll(db: Database.Database): Statements {
  return Object.fromEntries(
    Object.entries(sqlByVerb).map(([verb, texts]) => [
      verb,
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, db.prepare(text)])),
    ]),
  ) as Statements;
}

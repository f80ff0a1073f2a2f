import type { Settlement, SettleResult } from '../../src/core/broker.ts';
import { AwsError } from '../aws/errors.ts';
import type { Members } from '../aws/members.ts';
import { BatchAnswer, type BatchEntry, readEntry } from './batch.ts';

/** What the two batches that settle differ in. */
interface Settling<Asked> {
  read(members: Members): Asked;
  settle(settlements: readonly Settlement[]): Promise<readonly SettleResult[]>;
  errorOf(result: SettleResult, asked: Asked): AwsError | undefined;
}

const succeeded = {};

/** Settles the entries that make sense, all in one step; each is answered for itself. */
export async function settleEntries<Asked extends { readonly settlement: Settlement }>(
  entries: readonly BatchEntry[],
  { read, settle, errorOf }: Settling<Asked>,
) {
  const answer = new BatchAnswer(entries);
  const accepted: { readonly index: number; readonly asked: Asked }[] = [];
  for (const [index, { members }] of entries.entries()) {
    const asked = readEntry(() => read(members));
    if (asked instanceof AwsError) answer.set(index, asked);
    else accepted.push({ index, asked });
  }
  if (accepted.length > 0) {
    const results = await settle(accepted.map(({ asked }) => asked.settlement));
    for (const [position, { index, asked }] of accepted.entries()) {
      const result = results[position];
      if (result !== undefined) answer.set(index, errorOf(result, asked) ?? succeeded);
    }
  }
  return answer.output();
}

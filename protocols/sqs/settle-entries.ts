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

/** Settles the entries that make sense, all in one step; each is answered for itself. */
export async function settleEntries<Asked extends { readonly settlement: Settlement }>(
  entries: readonly BatchEntry[],
  { read, settle, errorOf }: Settling<Asked>,
) {
  const answer = new BatchAnswer<{ readonly Id: string }>(entries);
  const accepted: { readonly index: number; readonly id: string; readonly asked: Asked }[] = [];
  for (const [index, { id, members }] of entries.entries()) {
    const asked = readEntry(() => read(members));
    if (asked instanceof AwsError) answer.set(index, asked);
    else accepted.push({ index, id, asked });
  }
  if (accepted.length > 0) {
    const results = await settle(accepted.map(({ asked }) => asked.settlement));
    for (const [position, { index, id, asked }] of accepted.entries()) {
      const result = results[position];
      if (result !== undefined) answer.set(index, errorOf(result, asked) ?? { Id: id });
    }
  }
  return answer.output();
}

import { AwsError, isMalformed } from '../aws/errors.ts';
import type { Members } from '../aws/members.ts';
import { missing, sqsError } from './errors.ts';
import { sqsLimits } from './limits.ts';

export interface BatchEntry {
  readonly id: string;
  readonly members: Members;
}

/**
 * The entries of a batch, after the checks that fail the whole of it: none, too many, ids that are bad or repeated, in
 * this order [sqs-sns 1.6]. `checkSizes` stands where AWS weighs the request.
 */
export function readEntries(
  members: Members,
  entryName: string,
  checkSizes?: (entries: readonly Members[]) => void,
): readonly BatchEntry[] {
  const entries = members.structures('Entries');
  if (entries === undefined || entries.length === 0) {
    throw sqsError('EmptyBatchRequest', `There should be at least one ${entryName} in the request.`);
  }
  if (entries.length > sqsLimits.batchEntriesMax) {
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${sqsLimits.batchEntriesMax}. You have sent ${entries.length}.`,
    );
  }
  checkSizes?.(entries);
  const read = entries.map((entry) => ({ id: readId(entry), members: entry }));
  const seen = new Set<string>();
  for (const { id } of read) {
    if (seen.has(id)) throw sqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    seen.add(id);
  }
  return read;
}

/** Rows of `Successful` and `Failed`, each in the order of the request; AWS leaves out a list that is empty. */
export class BatchAnswer<Row extends { readonly Id: string }> {
  private readonly rows: (Row | AwsError)[] = [];
  private readonly entries: readonly BatchEntry[];

  constructor(entries: readonly BatchEntry[]) {
    this.entries = entries;
  }

  set(index: number, row: Row | AwsError): void {
    this.rows[index] = row;
  }

  output() {
    const successful: Row[] = [];
    const failed: object[] = [];
    for (const [index, { id }] of this.entries.entries()) {
      const row = this.rows[index];
      if (row instanceof AwsError) failed.push(failure(id, row));
      else if (row !== undefined) successful.push(row);
    }
    return {
      Successful: successful.length === 0 ? undefined : successful,
      Failed: failed.length === 0 ? undefined : failed,
    };
  }
}

/**
 * Reads an entry; a failure of it alone is kept for its row. A wrong type is the whole request's failure, for AWS
 * decodes it before it looks at any entry.
 */
export function readEntry<T>(read: () => T): T | AwsError {
  try {
    return read();
  } catch (error) {
    if (error instanceof AwsError && !isMalformed(error)) return error;
    throw error;
  }
}

function readId(entry: Members): string {
  const id = entry.text('Id');
  if (id === undefined) throw missing('Id');
  if (id.length <= sqsLimits.batchIdCharactersMax && /^[A-Za-z0-9_-]+$/.test(id)) return id;
  throw sqsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );
}

function failure(id: string, error: AwsError): object {
  return { Id: id, SenderFault: error.fault === 'Sender', Code: error.code, Message: error.message };
}

/**
 * How a request is written and its answer read: AWS JSON 1.0 or the Query protocol. Frugal: only what a load needs, and
 * what runs once a request looks for bytes and parses nothing.
 */
import type { Endpoint } from './endpoint.ts';

export interface Dialect {
  /** A whole request, `input` as the JSON protocol names its members. */
  requestText(endpoint: Endpoint, operation: string, input: object): string;
  /** DeleteMessageBatch of these receipts. */
  deleteText(endpoint: Endpoint, queueUrl: string, receipts: readonly string[]): string;
  findReceipts(answer: Buffer): readonly string[];
  hasFailedEntry(answer: Buffer): boolean;
  /** Of the answer to a send, in its order. */
  digestsOfSent(answer: string): readonly string[];
  readMessages(answer: string): { readonly bodies: readonly string[]; readonly digests: readonly string[] };
}

/** Where AWS's documentation begins, far from what queues count: a copy's own number in a queue is another one (verified) [sqs-sns 2.6]. */
const first = 10n ** 19n;

/** Twenty digits, so that the order of texts is that of numbers. @param sequence in the topic's log */
export function topicSequenceNumber(sequence: number): string {
  return String(first + BigInt(sequence));
}

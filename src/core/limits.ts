/** Core's own bounds. A protocol checks its narrower ones first and answers in its own words. */
export const limits = {
  /** Of one receive: what the store takes. */
  deliveriesMax: 1_000,
  /** 12 hours, SQS's longest. */
  leaseMsMax: 43_200_000,
  /** A longer wait is cut to it: whoever waits longer asks again. SQS allows 20 seconds. */
  waitMsMax: 300_000,
  /** Parked receives of one broker; at some 500 bytes each they stay below 100 MiB. */
  waitersMax: 200_000,
  /** Receives that one queue's pump asks for at once: few at first, for most wake-ups are for one message. */
  pumpReceivesMin: 4,
  pumpReceivesMax: 64,
  /** Ten years: beyond it a delay is a mistake of units. */
  delayMsMax: 10 * 366 * 86_400_000,
  /** Of one look into a queue: entries a slice, entries passed a slice, slices. */
  browseEntriesMax: 25,
  browseScannedMax: 500,
  browseSlicesMax: 20_000,
  browseRestMsMax: 100,
  priorityMax: 9,
  priorityDefault: 4,
  /** Of one part of a queue's address, in UTF-16 units. */
  addressPartLengthMax: 1_024,
  /** Changes of one record that lose against other nodes before the caller hears `conflict`. */
  conflictRetryCountMax: 16,
  /** Records read at once: at the start a page, later those of one notice. */
  recordPageMax: 1_000,
  /** Of the first page: how large the records are is not known yet. */
  recordPageFirst: 100,
  /** Of a page, about. */
  recordPageBytes: 2 * 2 ** 20,
  recordReadsMax: 64,
  /** Messages of one chunk of a move task: it keeps the store from others for some milliseconds. */
  moveChunkMax: 256,
  /** Of one move of chosen messages: what the store takes. */
  movePositionsMax: 256,
  /** Of a task with a rate, so that it goes evenly. */
  moveChunksASecond: 10,
  /** Running at once in one account; the tasks of a queue that are remembered; how long one may run [sqs-sns 1.16]. */
  moveTasksMax: 100,
  moveTasksKept: 10,
  moveTaskMsMax: 36 * 3_600_000,
  /** Sources that a task may bring messages back to: each is asked for permission, and stands in the task's record. */
  moveOriginsMax: 1_000,
  /** Properties of a message that goes to a queue without an envelope [sqs-sns 2.9]. */
  rawPropertiesMax: 10,
  /** Of an envelope without the message in it: names, ARN, signature, links. */
  envelopeBytesMax: 4_096,
  /** Replays of archives that run at a time in one account, unless the server says otherwise. */
  replaysMax: 1_000,
  /**
   * What lies in hidden queues and is being handed on. Of one queue and of one turn; set aside for a turn, in which one message
   * may be as large as a topic takes; of each kind of queues together; of one endpoint's host, whose few connections it waits for.
   */
  drained: {
    queueBytesMax: 4 * 1_048_576,
    turnDeliveriesMax: 100,
    turnBytesMax: 1_048_576,
    turnReservedBytes: 1_048_576 + 131_072,
    log: { deliveriesMax: 10_000, bytesMax: 32 * 1_048_576 },
    push: { deliveriesMax: 1_000, bytesMax: 32 * 1_048_576 },
    slow: { deliveriesMax: 500, bytesMax: 16 * 1_048_576 },
    site: { deliveriesMax: 64, bytesMax: Number.POSITIVE_INFINITY },
  },
  /** Of one kind of what goes to people: beyond it the oldest goes, and what is so old. */
  outboxEntriesMax: 10_000,
  outboxBytesMax: 64 * 1_048_576,
  outboxRetentionMs: 14 * 86_400_000,
  /** After a store that took nothing. */
  moveRetryMs: 1_000,
} as const;

/** The numbers of the SQS API; texts of errors quote them. */
export const sqsLimits = {
  queueNameCharactersMax: 80,
  messageBytesMin: 1_024,
  /** One message, and one batch of them, attributes included. */
  messageBytesMax: 1_048_576,
  batchEntriesMax: 10,
  batchIdCharactersMax: 80,
  messageAttributesMax: 10,
  attributeNameBytesMax: 255,
  attributeTypeBytesMax: 255,
  numberDigitsMax: 38,
  receiveMessagesMax: 10,
  delaySecondsMax: 900,
  waitSecondsMax: 20,
  visibilitySecondsMax: 43_200,
  retentionSecondsMin: 60,
  retentionSecondsMax: 1_209_600,
  kmsKeyIdCharactersMax: 2_048, // [KMS API, KeyId]
  kmsReuseSecondsMin: 60,
  kmsReuseSecondsMax: 86_400,
  kmsReuseSecondsDefault: 300,
  receiveCountMax: 1_000,
  redriveSourcesMax: 10,
  receiptCharactersMax: 1_024,
  listPageMax: 1_000,
  tagsMax: 50,
  tagKeyCharactersMax: 128,
  tagValueCharactersMax: 256,
  /** Of a policy, and of one AddPermission [SQS Developer Guide, quotas for policies]. */
  policyCharactersMax: 8_192,
  permissionLabelCharactersMax: 80,
  permissionActionsMax: 7,
  policyStatementsMax: 20,
  policyPrincipalsMax: 50,
  /** Messages a second of a move task. */
  moveRateMax: 500,
  moveTasksListedMax: 10,
} as const;

/** Bounds of our own, for which AWS has no number. */
export const ownLimits = {
  /** Queue URLs remembered with what they mean, and how long a text may be that is remembered. */
  queueUrlsMax: 1_000,
  queueUrlCharactersMax: 512,
  /** Queues looked at for a "did you mean". */
  hintQueuesMax: 2_000,
  /** Of those, how many policies are asked about: each may take long, and its author may want it to. */
  hintQuestionsMax: 3,
  /** MessageAttributeNames of one receive: each prefix is tried on each attribute. */
  attributeNamesMax: 1_000,
  /** Of AWSTraceHeader, which does not count in a message's size: an X-Ray header has some hundred. */
  traceHeaderBytesMax: 4_096,
  /** Of one look into a queue without a trace, and the bytes of bodies after which it ends. */
  peekMessagesMax: 1_000,
  peekBytesMax: 8 * 1024 * 1024,
  /** Pairs of queue and operation whose rate is remembered. */
  throttledMax: 10_000,
} as const;

/** Where AWS makes clients wait for itself, we need not: 0, the default, is off. */
export interface SqsPacing {
  /** AWS: 60,000. A second PurgeQueue sooner is `PurgeQueueInProgress`. */
  readonly purgeMs: number;
  /** AWS: 60,000. A queue made again sooner after its deletion is `QueueDeletedRecently`. */
  readonly recreateMs: number;
  /** AWS: 300. Calls beyond it, of one operation to one FIFO queue without high throughput, are `RequestThrottled`. */
  readonly fifoCallsASecondMax: number;
}
export const noPacing: SqsPacing = { purgeMs: 0, recreateMs: 0, fifoCallsASecondMax: 0 };

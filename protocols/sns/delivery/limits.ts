/** What bounds the way out of the broker. Where AWS names a number it is AWS's [sqs-sns 2.11]. */
export const deliveryLimits = {
  /** Of one DeliveryPolicy, before it is parsed: the longest that says something is below one KiB. */
  policyBytesMax: 16_384,
  /** Retries of an HTTP policy, and the longest of its delays in seconds. */
  retryCountMax: 100,
  delaySecondsMax: 3_600,
  /** All delays of one HTTP policy together. */
  policyMsMax: 3_600_000,
  contentTypeLengthMax: 128,
  /** A share of each delay by which it may be shorter, so that what failed together does not come back together. */
  jitterShareMax: 0.1,
  /** What an endpoint may ask for with Retry-After; longer is cut to it. */
  retryAfterMsMax: 600_000,
  /** How much early or late a throttled post counts as on time: timers are no finer, and above 1,000 a second several are due at once. */
  throttleToleranceMs: 10,
  /** One post, from a connection's begin to the end of the answer. */
  answerMsMax: 15_000,
  /** Of an answer: kept for the delivery status, read at all, and its headers. */
  answerBytesKept: 2_048,
  answerBytesMax: 65_536,
  answerHeaderBytesMax: 16_384,
  /** Connections to one host and port; those kept open for the next post, and for how long. */
  socketsPerEndpointMax: 16,
  idleSocketsPerEndpointMax: 4,
  idleSocketMs: 10_000,
  /** Names looked up at once: each takes one of the four threads that the process also has for its files. */
  lookupsMax: 2,
  lookupsWaitingMax: 1_000,
  endpointUrlLengthMax: 8_192,
  /** What of an error's text becomes a reason. */
  reasonLengthMax: 300,
  /** Connections to the mail server, mails over one of them, and how long an idle one stays. */
  smtpConnectionsMax: 4,
  smtpMailsPerConnectionMax: 100,
  smtpIdleMs: 30_000,
  /** For a step of the mail server, and for a whole mail. */
  smtpStepMsMax: 15_000,
  mailMsMax: 60_000,
  /** [RFC 5321 4.5.3.1.3] */
  mailAddressLengthMax: 254,
  subjectLengthMax: 200,
  /** Of one look into an outbox: the latest messages. */
  outboxListBytesMax: 16 * 1_048_576,
} as const;

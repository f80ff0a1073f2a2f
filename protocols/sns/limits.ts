/** The numbers of the SNS API; texts of errors quote them. */
export const snsLimits = {
  messageBytesDefault: 262_144,
  messageBytesMin: 1_024,
  messageBytesMax: 1_048_576,
  /** Of a topic whose messages may be longer than the default. */
  largeMessageSubscriptionsMax: 100,
  subjectCharactersMax: 99,
  listPageMax: 100,
  endpointCharactersMax: 2_048,
  redrivePolicyCharactersMax: 4_096,
  roleArnCharactersMax: 2_048,
  /** How long a token of a confirmation is good. */
  tokenMs: 3 * 86_400_000,
  /** Hex digits: AWS's are never shorter. Ours may be longer where the topic's name is. */
  tokenCharactersMin: 288,
  tokenCharactersMax: 2_048,
  /** One endpoint is asked to confirm one subscription no more often, however often it is subscribed. */
  confirmationRepeatMs: 3_000,
  /** What one account sets off: so many at once, and then one every so often; the rest is put off, so long at most. */
  confirmationsAtOnce: 500,
  confirmationEveryMs: 50,
  confirmationDelayMsMax: 900_000,
  /** Subscriptions, and accounts, whose pace is remembered. */
  confirmationPacesMax: 10_000,
  batchEntriesMax: 10,
  batchIdCharactersMax: 80,
  attributeNameBytesMax: 255,
  /** Messages under way to one endpoint; one while it fails. */
  pushesPerEndpointMax: 8,
  /** One that took longer over the last message is slow, whether it or the pace that its policy sets was why. */
  slowMs: 500,
  /** What is written for quick endpoints, and for slow and failing ones: at a time, and of that in one turn of the event loop. */
  outgoing: { bytesMax: 32 * 1_048_576, turnBytesMax: 524_288 },
  outgoingToSlow: { bytesMax: 16 * 1_048_576, turnBytesMax: 524_288 },
  /** Messages of which it is remembered how many bytes their envelopes take. */
  measuresRememberedMax: 100,
  /** Of which it is remembered that they fail or are slow, or how fast they may be sent to. */
  endpointsRememberedMax: 100_000,
  attributeTypeLengthMax: 255,
  replayPolicyCharactersMax: 1_024,
  topicNameCharactersMax: 256,
  displayNameCharactersMax: 100,
  keyIdCharactersMax: 2_048,
  archiveDaysMax: 365,
  policyBytesMax: 30_720,
  permissionLabelCharactersMax: 80,
  tagsMax: 50,
  tagKeyCharactersMax: 128,
  tagValueCharactersMax: 256,
  /** How many topics are looked at for a hint, and how many policies asked whether it may be given. */
  hintTopicsMax: 2_000,
  hintQuestionsMax: 3,
} as const;

/** The numbers of the SNS API; texts of errors quote them. */
export const snsLimits = {
  messageBytesDefault: 262_144,
  messageBytesMin: 1_024,
  messageBytesMax: 1_048_576,
  /** Of a topic whose messages may be longer than the default. */
  largeMessageSubscriptionsMax: 100,
  subjectCharactersMax: 99,
  listPageMax: 100,
  batchEntriesMax: 10,
  batchIdCharactersMax: 80,
  attributeNameBytesMax: 255,
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

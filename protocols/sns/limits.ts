/** The numbers of the SNS API; texts of errors quote them. */
export const snsLimits = {
  messageBytesDefault: 262_144,
  messageBytesMin: 1_024,
  messageBytesMax: 1_048_576,
  subjectCharactersMax: 99,
  listPageMax: 100,
  batchEntriesMax: 10,
  batchIdCharactersMax: 80,
  attributeNameBytesMax: 255,
  attributeTypeLengthMax: 255,
  replayPolicyCharactersMax: 1_024,
} as const;

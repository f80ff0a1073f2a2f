/** Of mobile push; a number of AWS's has its text beside it. */
export const mobileLimits = {
  nameCharactersMax: 256,
  userDataBytesMax: 2_048,
  /** Ours: a certificate with its key, which is the longest, is below 8 KiB. */
  attributeCharactersMax: 16_384,
  /** Ours: tokens of browsers are the longest, at some hundred. */
  tokenCharactersMax: 4_096,
  /** Others that change the same endpoint all the time. */
  claimRetryCountMax: 16,
} as const;

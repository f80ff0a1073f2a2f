/** Bounds of users, for all of them are in memory with their policies compiled. */
export const userLimits = {
  usersMax: 10_000,
  accessKeysMax: 20,
  /** Of a user's statements as JSON. */
  policyCharactersMax: 64 * 1024,
  /** Records read at once at the start. */
  recordPageMax: 1_000,
  /** Changes of one user that lose against other nodes before the caller hears `conflict`. */
  conflictRetryCountMax: 16,
} as const;

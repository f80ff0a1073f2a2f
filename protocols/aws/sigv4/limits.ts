/** Bounds of signatures; those that AWS names are AWS's. */
export const sigv4Limits = {
  /** How far a client's clock may be from ours. */
  skewMsMax: 15 * 60_000,
  /** Of a presigned URL: a week. */
  expiresSecondsMax: 604_800,
  /** Ways of signing remembered: key, day, region and signed headers. A fleet of clients has a few of them. */
  plansMax: 1_000,
  /** Day keys remembered; one costs four digests to make again. */
  signingKeysMax: 1_000,
  authorizationCharactersMax: 4_096,
  signedHeadersMax: 64,
} as const;

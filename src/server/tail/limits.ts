export const tailLimits = {
  /** Of one server: each costs a look at every event. */
  readersMax: 32,
  /** Of one user. */
  readersOfOneMax: 8,
  /** Of those who are no admins, all together: whatever they do, an admin finds room. */
  readersBesidesAdminsMax: 24,
  /** What waits for a slow reader; beyond either it misses. */
  linesMax: 1_000,
  charactersMax: 1_048_576,
  bodyBytesDefault: 4_096,
  bodyBytesMax: 262_144,
  /** Deliveries whose settlement will find its message. */
  knownDeliveriesMax: 10_000,
  /** A sign of life: proxies and our own server end connections on which nothing moves. */
  heartbeatMs: 15_000,
} as const;

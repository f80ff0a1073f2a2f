/** The one source of randomness, so that a test can repeat a run. */
export interface Random {
  /** Sixteen bytes of a version 4 UUID (RFC 9562). */
  uuid(): Uint8Array;
  bytes(count: number): Uint8Array;
}

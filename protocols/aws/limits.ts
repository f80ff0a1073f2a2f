/** Bounds of the HTTP front that the AWS services share. */
export const frontLimits = {
  /** A request body: a payload of 1 MiB that the Query protocol has percent-encoded is three times as long. */
  requestBytesMax: 4 * 1024 * 1024,
  /** JSON up to this length is parsed whatever it is: 5 ms at worst, and batches of small messages need no look before. */
  jsonBytesTrusted: 64 * 1024,
  /** The deepest request of a service has six levels; the one with the most values has some thousands of names. */
  jsonDepthMax: 32,
  jsonValuesMax: 20_000,
  /** Of a form: a batch of messages with all their attributes has some hundreds, a receive a thousand names. */
  formParametersMax: 10_000,
  /** Longer names are nobody's, and passed over. */
  formNameCharactersMax: 512,
  /** How long a connection whose body was refused is still read and thrown away, so that the client sees the answer. */
  lingerMsMax: 1_000,
  lingerBytesMax: 64 * 1024 * 1024,
  /** Credential scopes remembered; a fleet of clients has a few, each changing once a day. */
  identitiesMax: 1_000,
  credentialCharactersMax: 256,
  regionCharactersMax: 64,
} as const;

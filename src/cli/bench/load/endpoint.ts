export type Protocol = 'json' | 'query';

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** What it is asked in: JSON unless told otherwise. */
  readonly protocol?: Protocol;
  /** What requests are signed with; without, they carry a signature of the same length that is none. */
  readonly credentials?: Credentials;
}

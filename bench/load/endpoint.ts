export type Protocol = 'json' | 'query';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** What it is asked in: JSON unless told otherwise. */
  readonly protocol?: Protocol;
}

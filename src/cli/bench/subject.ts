import type { Endpoint } from './load/endpoint.ts';

/** A server under measurement, in a process of its own. */
export interface Subject extends Endpoint {
  readonly name: string;
  /** 0: its process is not to be looked into. */
  readonly pid: number;
  /** Harmless twice. @throws Error when it does not end as it should */
  stop(): Promise<void>;
}

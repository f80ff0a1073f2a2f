/** A server under measurement, in a process of its own. */
export interface Subject {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** Harmless twice. @throws Error when it does not end as it should */
  stop(): Promise<void>;
}

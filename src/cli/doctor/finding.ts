/** One line of `gantry doctor`. */
export interface Finding {
  readonly check: string;
  /** fail: the broker does not start, or loses what it acknowledged; warn: someone will be surprised. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What is, and what it means. */
  readonly text: string;
  /** What to do about it. */
  readonly wayOut?: string;
}

export function ok(check: string, text: string): Finding {
  return { check, status: 'ok', text };
}

export function warn(check: string, text: string, wayOut: string): Finding {
  return { check, status: 'warn', text, wayOut };
}

export function fail(check: string, text: string, wayOut: string): Finding {
  return { check, status: 'fail', text, wayOut };
}

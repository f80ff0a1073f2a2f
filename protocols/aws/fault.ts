import { AwsError, type AwsErrorRow, commonErrors } from './errors.ts';
import type { Line } from './line.ts';
import type { AwsService, Payload } from './service.ts';

/** What a test wants to happen to one request: before its operation, or after it was done and before its answer. */
export type Fault = { readonly id: string; readonly when: 'before' | 'after' } & FaultEffect;
/** `error`: a shape or code of the service, or any other; in place of the answer. `drop`: the connection ends instead. */
export type FaultEffect =
  | { readonly kind: 'delay'; readonly delayMs: number }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly status?: number | undefined;
      readonly message?: string | undefined;
    }
  | { readonly kind: 'drop' };

/** Rules of a test, asked once a request while there are any. */
export interface FaultSource {
  readonly isOn: boolean;
  /** @param queue the name of the queue that the request is about, asked for when a rule wants to know */
  take(action: string, queue: () => string | undefined): Fault | undefined;
  /** @param onEnd is handed what ends the sleep early */
  sleep(ms: number, onEnd: (end: () => void) => void): Promise<void>;
}

const statusDefault = 500;

export function faultError(fault: Extract<Fault, { kind: 'error' }>, { errors = {} }: AwsService): AwsError {
  const { id, code, message = `A fault on demand: ${code}.` } = fault;
  const { shape, row } = findError(code, { ...commonErrors, ...errors });
  const status = fault.status ?? row.status;
  return new AwsError(shape, { code: row.code, status }, message, `made by the fault rule "${id}"`);
}

/** People know an error by its shape or by its code; one that is neither is both. */
function findError(
  name: string,
  rows: Readonly<Record<string, AwsErrorRow>>,
): { readonly shape: string; readonly row: AwsErrorRow } {
  for (const [shape, row] of Object.entries(rows)) if (shape === name || row.code === name) return { shape, row };
  return { shape: name, row: { code: name, status: statusDefault } };
}

/** Keeps the answer until it is let go, or for ever. */
export class HeldLine implements Line {
  private readonly line: Line;
  private give: (() => void) | undefined;

  constructor(line: Line) {
    this.line = line;
  }

  get url(): string {
    return this.line.url;
  }
  get isEncrypted(): boolean {
    return this.line.isEncrypted;
  }
  get remoteAddress(): string {
    return this.line.remoteAddress;
  }
  get localAddress(): string {
    return this.line.localAddress;
  }
  get localPort(): number {
    return this.line.localPort;
  }
  get isGone(): boolean {
    return this.line.isGone;
  }

  onGone(action: () => void): void {
    this.line.onGone(action);
  }

  destroy(): void {
    this.line.destroy();
  }

  answer(status: number, headers: readonly string[], payload: Payload, isLast: boolean): void {
    this.give = () => this.line.answer(status, headers, payload, isLast);
  }

  release(): void {
    this.give?.();
  }
}

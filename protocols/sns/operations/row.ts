import type { Call } from '../../aws/service.ts';
import type { OperationName } from '../shapes.ts';
import type { Sns } from '../sns.ts';

/** One operation of SNS. */
export interface Row {
  readonly name: OperationName;
  /** @returns the output by the names of the model; undefined: it has none, or one without members */
  handle(sns: Sns, call: Call): Promise<object | undefined>;
  /** Whether the model has an output, be it empty: its XML then has an element for it. */
  readonly hasResult: boolean;
}

export function row(name: OperationName, handle: Row['handle']): Row {
  return { name, handle, hasResult: true };
}

/** An operation whose model has no output. */
export function silentRow(name: OperationName, handle: Row['handle']): Row {
  return { name, handle, hasResult: false };
}

import type { Call } from '../../aws/service.ts';
import type { Sns } from '../sns.ts';

/** One operation of SNS. */
export interface Row {
  readonly name: string;
  /** @returns the output by the names of the model; undefined: it has none */
  handle(sns: Sns, call: Call): Promise<object | undefined>;
  /** Whether the model has an output, be it empty: its XML then has an element for it. */
  readonly hasResult: boolean;
  /** Members of the output that are structures; other objects are maps. */
  readonly structures?: readonly string[];
}

export function row(name: string, handle: Row['handle'], structures?: readonly string[]): Row {
  return { name, handle, hasResult: true, ...(structures && { structures }) };
}

/** An operation whose model has no output. */
export function silentRow(name: string, handle: Row['handle']): Row {
  return { name, handle, hasResult: false };
}

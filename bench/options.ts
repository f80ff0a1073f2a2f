import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import type { FillOptions } from './fill.ts';

export interface BenchOptions {
  /** For a smoke run: it proves that everything still works together, its figures say little. */
  readonly isShort: boolean;
  readonly rounds: number;
  /** Measured time of one turn. */
  readonly runMs: number;
  /** Before it, not measured, on the same connections. */
  readonly warmMs: number;
  /** Where data folders are made: its file system is the one that is measured. */
  readonly workFolder: string;
  readonly jsonFile: string | undefined;
  /** Puts a second baseline in the broker's place: what the machine's noise alone does to the ratios. */
  readonly isAgainstItself: boolean;
  /** Narrows `depth` to some of its cases. */
  readonly cases: readonly string[];
  readonly depths: readonly number[];
}

/** The rules ask for nine rounds at least; a short run is no measurement. */
const roundsUsual = 9;

/** @throws Error that names what it does not know */
export function parseOptions(words: readonly string[]): {
  readonly names: readonly string[];
  readonly options: BenchOptions;
} {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      'work-folder': { type: 'string' },
      'against-itself': { type: 'boolean', default: false },
      case: { type: 'string', multiple: true },
      depths: { type: 'string' },
    },
  });
  const isShort = values.short;
  const runMs = values.seconds === undefined ? (isShort ? 300 : 2000) : 1000 * positive('--seconds', values.seconds);
  const options = {
    isShort,
    rounds: values.rounds === undefined ? (isShort ? 3 : roundsUsual) : positive('--rounds', values.rounds),
    runMs,
    warmMs: isShort ? 50 : 400,
    workFolder: values['work-folder'] ?? tmpdir(),
    jsonFile: values.json,
    isAgainstItself: values['against-itself'],
    cases: values.case ?? [],
    depths: (values.depths ?? '')
      .split(',')
      .filter((word) => word !== '')
      .map((word) => positive('--depths', word)),
  };
  return { names: positionals, options };
}

function positive(name: string, word: string): number {
  const value = Number(word);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${name}: "${word}" is not a number above 0`);
}

/** @throws Error that names what is missing */
export function parseFillOptions(words: readonly string[]): FillOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      'data-dir': { type: 'string' },
      queue: { type: 'string' },
      messages: { type: 'string' },
      groups: { type: 'string', default: '1' },
    },
  });
  const { 'data-dir': dataFolder, queue, messages, groups } = values;
  if (dataFolder === undefined || queue === undefined || messages === undefined)
    throw new Error('fill: --data-dir, --queue and --messages are needed');
  return { dataFolder, queue, messages: positive('--messages', messages), groups: positive('--groups', groups) };
}

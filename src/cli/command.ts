import type { Flags } from './flags.ts';

/** One command of the program, as a row of the table in commands.ts: help, completion and docs/cli.md are made of it. */
export interface CommandRow {
  /** As it is typed: `queue ls`. */
  readonly name: string;
  /** In commander's words: `<queue>`, `[pattern]`, `[words...]`. */
  readonly args?: readonly string[];
  readonly summary: string;
  readonly options?: readonly OptionRow[];
  /** `config`: every option of the broker; `broker`: those that say which running broker to ask. */
  readonly uses: 'config' | 'broker' | 'nothing';
  /** True: it prints data, as `-o` says. */
  readonly isPrinting?: boolean;
  /** True: what it does not know is not its own to judge: `aws sqs list-queues --max-items 3`. */
  readonly isPassingOn?: boolean;
  /** Whole lines that work. */
  readonly examples: readonly string[];
  /** Reads the command's own code from disk, so that `--help` is quick. */
  load(): Promise<Run>;
}
export interface OptionRow {
  /** In commander's words: `--max <number>`, `-f, --force`. */
  readonly flags: string;
  readonly help: string;
  /** May be given several times. */
  readonly isList?: boolean;
}
export interface CommandInput {
  /** What stands behind the command's name; one that may be several is the last, spread out. */
  readonly args: readonly string[];
  /** By key (`max`), a switch as `true`. */
  readonly flags: Flags;
}
/**
 * @returns the exit code, undefined while something keeps the process busy
 * @throws GantryError, which becomes one line and the exit code of its kind
 */
type Run = (input: CommandInput) => Promise<number | undefined>;

/** Which running broker, and as whom. */
export const brokerOptions: readonly OptionRow[] = [
  {
    flags: '--endpoint <url>',
    help: 'the broker to ask, else the first HTTP listener of the options [GANTRY_ENDPOINT]',
  },
  {
    flags: '--user <name>',
    help: 'who asks, where there are users [GANTRY_USER]; its password is GANTRY_PASSWORD, or is asked for',
  },
  {
    flags: '--account <digits>',
    help: 'account of the queues, default: that of the user, else 000000000000 [GANTRY_ACCOUNT]',
  },
  { flags: '--region <name>', help: 'region of the queues, default us-east-1 [GANTRY_REGION]' },
];
export const outputOption: OptionRow = { flags: '-o, --output <format>', help: 'json, table or name; default table' };

/** The one value of a flag, the last that was given. */
export function flag({ flags }: Pick<CommandInput, 'flags'>, key: string): string | undefined {
  return flags[key]?.at(-1);
}

export function isSet({ flags }: Pick<CommandInput, 'flags'>, key: string): boolean {
  return flags[key] !== undefined;
}

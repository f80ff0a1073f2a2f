import { didYouMean } from '../../server/closest.ts';
import { usage } from './failure.ts';
import { optionWord } from './names.ts';
import { type AwsOperation, findOperation, findService, operationWords } from './services.ts';

/** What was typed, taken apart; nothing of it has been judged but its spelling. */
export interface AwsLine {
  readonly operation: AwsOperation;
  /** By name without the dashes: what is the same for every operation, and what stands for no member of the input. */
  readonly globals: ReadonlyMap<string, string>;
  /** By name of the member: the words behind its option. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
}
/** `configure set`: settings of the AWS CLI's own, which the variables that a hook is given outweigh in any case. */
export interface SettingWanted {
  readonly isSetting: true;
}
export interface HelpWanted {
  readonly isVersion: boolean;
  readonly words: readonly string[];
}

const withValue = [
  ...['endpoint-url', 'region', 'output', 'query', 'profile', 'color', 'ca-bundle', 'cli-read-timeout'],
  ...['cli-connect-timeout', 'cli-binary-format', 'cli-error-format'],
];
const switches = [
  ...['debug', 'no-verify-ssl', 'no-paginate', 'no-sign-request', 'no-cli-pager', 'cli-auto-prompt'],
  ...['no-cli-auto-prompt', 'version', 'v2-debug'],
];
const ofOperation = ['cli-input-json'];
export const pagingOptions = ['max-items', 'page-size', 'starting-token'];

type Arity = 'none' | 'one' | 'any';

/** @throws AwsFailure */
export function readLine(args: readonly string[]): AwsLine | HelpWanted | SettingWanted {
  const positional: string[] = [];
  const globals = new Map<string, string>();
  const parameters = new Map<string, readonly string[]>();
  let operation: AwsOperation | undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (!isOption(word)) {
      positional.push(word);
      if (positional.includes('help')) return { isVersion: false, words: positional };
      if (positional.length === 1 && word === 'configure' && args[at + 1] === 'set') return { isSetting: true };
      if (positional.length === 1) checkService(word);
      else if (positional.length === 2) operation = operationOf(positional[0] ?? '', word);
      else throw usage(`Unknown options: ${word}`);
      continue;
    }
    const equals = word.indexOf('=');
    const option = equals < 0 ? word : word.slice(0, equals);
    const { member, arity, fixed } = meaningOf(option, operation);
    const values: string[] = fixed === undefined ? [] : [fixed];
    if (equals >= 0) {
      if (arity === 'none') throw usage(`argument ${option}: ignored explicit argument '${word.slice(equals + 1)}'`);
      values.push(word.slice(equals + 1));
    } else {
      const most = { none: 0, one: 1, any: Number.POSITIVE_INFINITY }[arity];
      while (values.length < most && at + 1 < args.length && !isOption(args[at + 1] ?? ''))
        values.push(args[++at] ?? '');
    }
    if (arity === 'one' && values.length === 0) throw usage(`argument ${option}: expected one argument`);
    if (option === '--version') return { isVersion: true, words: [] };
    if (member === undefined) globals.set(option.slice(2), values[0] ?? '');
    else parameters.set(member, values);
  }
  if (operation !== undefined) return { operation, globals, parameters };
  const [service] = positional;
  if (service === undefined) return { isVersion: false, words: [] };
  throw usage(`the following arguments are required: operation (\`aws ${service} help\` shows them)`);
}

/** A negative number, and a text that happens to begin with a dash, are values. */
function isOption(word: string): boolean {
  return /^-./.test(word) && !/^-\d*\.?\d+$/.test(word) && !/^[^=]*\s/.test(word);
}

function checkService(word: string): void {
  if (findService(word) === undefined) {
    const text = `"${word}" needs the AWS CLI, and there is none on the PATH: https://aws.amazon.com/cli/`;
    throw usage(`${text}. Gantry serves SQS, SNS and STS; these work without it.`);
  }
}

function operationOf(serviceWord: string, word: string): AwsOperation {
  const service = findService(serviceWord);
  const found = service && findOperation(service, word);
  if (service !== undefined && found !== undefined) return found;
  const names = service === undefined ? [] : operationWords(service);
  throw usage(`argument operation: Invalid choice "${word}"${didYouMean(word, names, '')}`);
}

interface Meaning {
  readonly member?: string;
  readonly arity: Arity;
  /** The value that the option itself is. */
  readonly fixed?: string;
}

/** A list whose pages have one size has no option for it. */
function pagingOptionsOf(operation: AwsOperation | undefined): readonly string[] {
  if (operation?.pagedList === undefined) return [];
  const isSized = operation.shape.input.MaxResults !== undefined;
  return isSized ? pagingOptions : pagingOptions.filter((name) => name !== 'page-size');
}

/** `--return-subscription-arn` and `--no-return-subscription-arn`. */
function switchOf(option: string, operation: AwsOperation | undefined): Meaning | undefined {
  for (const [member, shape] of Object.entries(operation?.shape.input ?? {})) {
    if (shape !== 'boolean') continue;
    if (option === `--${optionWord(member)}`) return { member, arity: 'none', fixed: 'true' };
    if (option === `--no-${optionWord(member)}`) return { member, arity: 'none', fixed: 'false' };
  }
  return undefined;
}

function meaningOf(option: string, operation: AwsOperation | undefined): Meaning {
  const name = option.replace(/^--/, '');
  const switched = switchOf(option, operation);
  if (switched !== undefined) return switched;
  const [member, shape] =
    Object.entries(operation?.shape.input ?? {}).find(([each]) => option === `--${optionWord(each)}`) ?? [];
  if (member !== undefined) return { member, arity: typeof shape === 'object' && 'of' in shape ? 'any' : 'one' };
  const mine = operation === undefined ? [] : ofOperation;
  const values = [...withValue, ...mine, ...pagingOptionsOf(operation)];
  if (option.startsWith('--') && values.includes(name)) return { arity: 'one' };
  if (option.startsWith('--') && switches.includes(name)) return { arity: 'none' };
  const members = Object.keys(operation?.shape.input ?? {}).map(optionWord);
  throw usage(`Unknown options: ${option}${didYouMean(name, [...members, ...values, ...switches], '--')}`);
}

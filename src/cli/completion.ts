/** Scripts that complete `gantry` in a shell, made of the table of commands; names of queues and topics are asked of the broker. */
import { GantryError } from '../model/errors.ts';
import { optionName, options } from '../server/options.ts';
import { connect } from './admin-client.ts';
import { brokerOptions, type CommandInput, type CommandRow, outputOption } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printName, printText } from './output.ts';

const askedMsMax = 1_000;
const namesMax = 1_000;

export async function printCompletion(commands: readonly CommandRow[], input: CommandInput): Promise<number> {
  const [shell = ''] = input.args;
  if (shell === 'queues' || shell === 'topics') return printNamesOf(shell, input);
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined)
    throw new GantryError('invalid-argument', `"${shell}": expected ${Object.keys(scripts).join(', ')}`);
  await printText(script(tableOf(commands)));
  return exitCodes.ok;
}

/** What the scripts ask: who presses Tab waits for no broker that is not there. */
async function printNamesOf(what: 'queues' | 'topics', input: CommandInput): Promise<number> {
  setTimeout(() => process.exit(exitCodes.unreachable), askedMsMax).unref();
  try {
    const client = await connect(input);
    const page: Readonly<Record<string, readonly { name: string }[]>> = await client.call('GET', `/${what}`, {
      max: namesMax,
    });
    for (const { name } of page[what] ?? []) if (isPlain(name)) printName(name);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error; // A prompt is no place for errors.
  }
  return exitCodes.ok;
}

/** A shell gets words that mean nothing to it, whatever a broker calls its queues. */
function isPlain(name: unknown): boolean {
  return typeof name === 'string' && /^[\w.][\w.-]*$/.test(name);
}

interface Completed {
  /** `queue ls` */
  readonly name: string;
  readonly summary: string;
  /** With their dashes. */
  readonly flags: readonly string[];
  /** Whose names stand behind it; empty: no names. */
  readonly names: 'queues' | 'topics' | '';
}

interface Table {
  readonly commands: readonly Completed[];
  /** Words that have others behind them: `topic`, `topic sub`. */
  readonly groups: readonly string[];
  readonly firstWords: readonly string[];
  verbsOf(group: string): readonly string[];
}

function tableOf(rows: readonly CommandRow[]): Table {
  const commands = rows.map((row) => ({
    ...{ name: row.name, summary: row.summary.replaceAll("'", ''), flags: flagsOf(row) },
    names: namesOf(row),
  }));
  const firstOf = ({ name }: Completed): string => name.split(' ')[0] ?? '';
  return {
    commands,
    groups: [...new Set(commands.flatMap(({ name }) => groupsOf(name)))],
    firstWords: [...new Set(commands.map(firstOf))],
    verbsOf: (group) => {
      const rests = commands.flatMap(({ name }) =>
        name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : [],
      );
      return [...new Set(rests.map((rest) => rest.split(' ')[0] ?? ''))];
    },
  };
}

/** `topic sub ls`: `topic` and `topic sub`. */
function groupsOf(name: string): readonly string[] {
  const words = name.split(' ');
  return words.slice(1).map((_, at) => words.slice(0, at + 1).join(' '));
}

function namesOf({ name, args = [] }: CommandRow): Completed['names'] {
  if (name.startsWith('topic ')) return args.some((arg) => /topic|prefix/.test(arg)) ? 'topics' : '';
  return args.some((arg) => /queue|from|to\b|prefix/.test(arg)) ? 'queues' : '';
}

function flagsOf(row: CommandRow): readonly string[] {
  const rows = [
    ...(row.options ?? []),
    ...(row.isPrinting === true ? [outputOption] : []),
    ...(row.uses === 'broker' ? brokerOptions : []),
  ];
  const own = rows.flatMap(({ flags }) => [...flags.matchAll(/--[a-z][a-z-]*/g)].map(([name]) => name));
  return row.uses === 'config' ? [...own, ...Object.keys(options).map((key) => `--${optionName(key)}`)] : own;
}

const scripts: Readonly<Record<string, (table: Table) => string>> = { bash, zsh, fish };

/** `case` of all commands, which sets the flags of the one that was typed and whose names follow. */
function cases({ commands }: Table): string {
  return commands
    .map(({ name, flags, names }) => `    '${name}') flags='${flags.join(' ')}' names='${names}' ;;`)
    .join('\n');
}

function bash(table: Table): string {
  const { groups, firstWords, verbsOf } = table;
  return `# eval "$(gantry completion bash)"
_gantry() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" flags='' names='' words='' newline=$'\\n' each
${groups.map(deeper).join('\n')}
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${firstWords.join(' ')}'
  else
    case "$command" in
${groups.map((group) => `      '${group}') words='${verbsOf(group).join(' ')}' ;;`).join('\n')}
    esac
  fi
  case "$command" in
${cases(table)}
  esac
  if [ -z "$words" ]; then
    if [ "\${word#-}" != "$word" ]; then words="$flags --help"
    else
      case "\${COMP_WORDS[COMP_CWORD-1]}" in
        --queue) names=queues ;;
        --topic) names=topics ;;
      esac
      if [ -n "$names" ]; then words="$(gantry completion "$names" 2>/dev/null)"; fi
    fi
  fi
  COMPREPLY=()
  # Compared here, not by compgen -W, which would run what stands in a word.
  while IFS= read -r each; do
    case "$each" in
      '') ;;
      "$word"*) COMPREPLY+=("$each") ;;
    esac
  done <<< "\${words// /$newline}"
}
complete -o default -F _gantry gantry
`;
}

/** Of a group the next word is part of the command's name. */
function deeper(group: string): string {
  const depth = group.split(' ').length;
  const next = `command="$command \${COMP_WORDS[${depth + 1}]}"`;
  return `  if [ "$command" = '${group}' ] && [ "$COMP_CWORD" -gt ${depth + 1} ]; then ${next}; fi`;
}

/** zsh has bash's own words for it. */
function zsh(table: Table): string {
  return `# eval "$(gantry completion zsh)"
autoload -Uz bashcompinit && bashcompinit
${bash(table)}`;
}

function fish({ commands, groups, firstWords, verbsOf }: Table): string {
  const lines = ['# gantry completion fish | source', 'complete -c gantry -f'];
  for (const word of firstWords) {
    const own = commands.find(({ name }) => name === word);
    lines.push(`complete -c gantry -n __fish_use_subcommand -a '${word}' -d '${own?.summary ?? `${word} commands`}'`);
  }
  for (const group of groups) {
    const verbs = verbsOf(group);
    for (const verb of verbs) {
      const summary = commands.find(({ name }) => name === `${group} ${verb}`)?.summary ?? `${group} ${verb} commands`;
      const none = `-n '${seen(group)}; and not __fish_seen_subcommand_from ${verbs.join(' ')}'`;
      lines.push(`complete -c gantry ${none} -a '${verb}' -d '${summary}'`);
    }
  }
  for (const { name, flags, names } of commands) {
    const when = `-n '${seen(name)}'`;
    for (const flag of flags) lines.push(`complete -c gantry ${when} -l '${flag.slice(2)}'`);
    if (names !== '') lines.push(`complete -c gantry ${when} -a '(gantry completion ${names} 2>/dev/null)'`);
  }
  return `${lines.join('\n')}\n`;
}

/** Each of the words was typed. */
function seen(words: string): string {
  return words
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
}

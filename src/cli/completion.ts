/** Scripts that complete `gantry` in a shell, made of the table of commands; queues are asked of the broker. */
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
  if (shell === 'queues') return printQueues(input);
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script === undefined)
    throw new GantryError('invalid-argument', `"${shell}": expected ${Object.keys(scripts).join(', ')}`);
  await printText(script(tableOf(commands)));
  return exitCodes.ok;
}

/** What the scripts ask: who presses Tab waits for no broker that is not there. */
async function printQueues(input: CommandInput): Promise<number> {
  setTimeout(() => process.exit(exitCodes.unreachable), askedMsMax).unref();
  try {
    const client = await connect(input);
    const { queues }: { queues: readonly { name: string }[] } = await client.call('GET', '/queues', { max: namesMax });
    for (const { name } of queues) if (isPlain(name)) printName(name);
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
  readonly takesQueues: boolean;
}

interface Table {
  readonly commands: readonly Completed[];
  /** First words that have verbs behind them. */
  readonly groups: readonly string[];
  readonly firstWords: readonly string[];
  verbsOf(group: string): readonly string[];
}

function tableOf(rows: readonly CommandRow[]): Table {
  const commands = rows.map((row) => ({
    ...{ name: row.name, summary: row.summary.replaceAll("'", ''), flags: flagsOf(row) },
    takesQueues: (row.args ?? []).some((arg) => /queue|from|to\b|prefix/.test(arg)),
  }));
  const firstOf = ({ name }: Completed): string => name.split(' ')[0] ?? '';
  return {
    commands,
    groups: [...new Set(commands.filter(({ name }) => name.includes(' ')).map(firstOf))],
    firstWords: [...new Set(commands.map(firstOf))],
    verbsOf: (group) =>
      commands.flatMap(({ name }) => (name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : [])),
  };
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

/** `case` of all commands, which sets the flags of the one that was typed and whether queues follow. */
function cases({ commands }: Table): string {
  return commands
    .map(({ name, flags, takesQueues }) => `    '${name}') flags='${flags.join(' ')}' queues=${takesQueues ? 1 : 0} ;;`)
    .join('\n');
}

function bash(table: Table): string {
  const { groups, firstWords, verbsOf } = table;
  return `# eval "$(gantry completion bash)"
_gantry() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" first=2 flags='' queues=0 words='' newline=$'\\n' each
  case "$command" in
    ${groups.join('|')})
      if [ "$COMP_CWORD" -gt 2 ]; then command="$command \${COMP_WORDS[2]}"; first=3; fi ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${firstWords.join(' ')}'
  elif [ "$COMP_CWORD" -lt "$first" ] || [ "$command" = "\${COMP_WORDS[1]}" -a "$COMP_CWORD" -eq 2 ]; then
    case "$command" in
${groups.map((group) => `      ${group}) words='${verbsOf(group).join(' ')}' ;;`).join('\n')}
    esac
  fi
  case "$command" in
${cases(table)}
  esac
  if [ -z "$words" ]; then
    if [ "\${word#-}" != "$word" ]; then words="$flags --help"
    elif [ "$queues" = 1 ] || [ "\${COMP_WORDS[COMP_CWORD-1]}" = --queue ]; then words="$(gantry completion queues 2>/dev/null)"
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

/** zsh has bash's own words for it. */
function zsh(table: Table): string {
  return `# eval "$(gantry completion zsh)"
autoload -Uz bashcompinit && bashcompinit
${bash(table)}`;
}

function fish({ commands, firstWords, verbsOf }: Table): string {
  const lines = ['# gantry completion fish | source', 'complete -c gantry -f'];
  for (const word of firstWords) {
    const own = commands.find(({ name }) => name === word);
    lines.push(`complete -c gantry -n __fish_use_subcommand -a '${word}' -d '${own?.summary ?? `${word} commands`}'`);
  }
  for (const { name, summary, flags, takesQueues } of commands) {
    const [first = '', verb] = name.split(' ');
    const seen = verb === undefined ? first : `${first}; and __fish_seen_subcommand_from ${verb}`;
    const when = `-n '__fish_seen_subcommand_from ${seen}'`;
    if (verb !== undefined) {
      const none = `-n '__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${verbsOf(first).join(' ')}'`;
      lines.push(`complete -c gantry ${none} -a '${verb}' -d '${summary}'`);
    }
    for (const flag of flags) lines.push(`complete -c gantry ${when} -l '${flag.slice(2)}'`);
    if (takesQueues) lines.push(`complete -c gantry ${when} -a '(gantry completion queues 2>/dev/null)'`);
  }
  return `${lines.join('\n')}\n`;
}

import { Command, CommanderError, Option } from 'commander';
import { optionGroups, optionName, options, variableName } from '../server/options.ts';
import { brokerOptions, type CommandRow, type OptionRow, outputOption } from './command.ts';
import { commands } from './commands.ts';
import { exitCodes, reportFailure } from './exit-codes.ts';
import type { Flags } from './flags.ts';
import { createHelpCommand } from './help-command.ts';
import { watchOutput } from './output.ts';
import { printable } from './printable.ts';
import { unknownOptionAdvice } from './unknown-option.ts';

/**
 * Runs one command. Each command's own code is loaded when it is asked for, so that `--help` is quick.
 * The process ends by itself, with `process.exitCode` set, unless the command keeps it busy.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  watchOutput();
  try {
    await createProgram(args).parseAsync(isVersionFlag(args[0]) ? ['version'] : args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    else process.exitCode = reportFailure(error);
  }
}

/** What people type first. */
function isVersionFlag(word: string | undefined): boolean {
  return word === '--version' || word === '-v' || word === '-V';
}

const groups: Readonly<Record<string, string>> = {
  queue: 'look at queues and change them',
  topic: 'look at topics and change them',
  'topic sub': 'say who gets what is published',
  user: 'say who there is',
  key: 'make and drop access keys',
  policy: 'ask what policies say',
};

function createProgram(args: readonly string[]): Command {
  const program = new Command('gantry')
    .description('A durable message broker that speaks SQS, in one process.')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${printable(oneLine(text, args))}\n`) })
    .addHelpText('after', `\n${exitCodesText}`);
  for (const row of commands) addCommand(program, row);
  program.addCommand(createHelpCommand(program).copyInheritedSettings(program));
  return program;
}

const exitCodesText =
  'Exit codes: 0 done, 1 failed, 2 a mistake in what was typed, 3 no broker answers, 4 there is no such thing, 5 denied.';

function addCommand(program: Command, row: CommandRow): void {
  const words = row.name.split(' ');
  const parent = groupOf(program, words.slice(0, -1));
  const command = parent
    .command(words.at(-1) ?? '')
    .description(row.summary)
    .copyInheritedSettings(parent);
  command.allowExcessArguments(false).showHelpAfterError(false);
  for (const arg of row.args ?? []) command.argument(arg);
  if (row.isPassingOn === true) command.allowUnknownOption().passThroughOptions().helpOption(false);
  for (const option of row.options ?? []) command.addOption(toOption(option));
  if (row.isPrinting === true) command.addOption(toOption(outputOption));
  if (row.uses === 'broker')
    for (const option of brokerOptions) if (!hasOwn(row, option)) command.addOption(toOption(option));
  if (row.uses === 'config') addConfigOptions(command);
  command.addHelpText('after', `\nExamples:\n${row.examples.map((line) => `  $ ${line}`).join('\n')}`);
  command.action(async () => {
    const run = await row.load();
    const code = await run({ args: command.processedArgs.flat().filter(isText), flags: toFlags(command.opts()) });
    if (code !== undefined) process.exitCode = code;
  });
}

/** To some commands a flag of all means something nearer: `--account` of a user is that user's. */
function hasOwn({ options: own = [] }: CommandRow, { flags }: OptionRow): boolean {
  return own.some((one) => one.flags === flags);
}

/** `topic`, or `topic sub` in it. */
function groupOf(program: Command, words: readonly string[]): Command {
  let group = program;
  for (const [at, word] of words.entries()) {
    const known = group.commands.find((one) => one.name() === word);
    group =
      known ??
      group
        .command(word)
        .description(groups[words.slice(0, at + 1).join(' ')] ?? '')
        .copyInheritedSettings(group);
  }
  return group;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function toOption({ flags, help, isList }: OptionRow): Option {
  const option = new Option(flags, help);
  const gather = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];
  return isList === true ? option.argParser(gather) : option;
}

/** Values are read as text here; config.ts alone knows what they mean, wherever they were written. */
function addConfigOptions(command: Command): void {
  const titleOf = new Map(optionGroups().flatMap(({ title, keys }) => keys.map((key) => [key, title])));
  for (const [key, { placeholder, help, defaultText }] of Object.entries(options)) {
    const value = placeholder === undefined ? '[true|false]' : `<${placeholder}>`;
    const notes = [defaultText === '' ? undefined : `default: ${defaultText}`, variableName(key)];
    const option = new Option(
      `--${optionName(key)} ${value}`,
      `${help} [${notes.filter((note) => note !== undefined).join('; ')}]`,
    );
    command.addOption(option.helpGroup(`${titleOf.get(key)}:`));
  }
  command.addHelpText('after', '\nEvery variable but GANTRY_CONFIG also as ..._FILE: the file that holds the value.');
}

function toFlags(values: Record<string, unknown>): Flags {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : [String(value)]]),
  );
}

/** `error: unknown option '--http-prot'\n(Did you mean --http-port?)` as one line that reads as all others do. */
function oneLine(text: string, args: readonly string[]): string {
  const line = text
    .trim()
    .replace(/^error: /, 'gantry: ')
    .replaceAll('\n', ' ');
  const [, unknown, name = ''] = /^(gantry: unknown option '--([^'=]*)[^']*')/.exec(line) ?? [];
  if (unknown === undefined) return line.replace(/ \(Did you mean (?:one of )?(.*)\?\)$/, '; did you mean "$1"?');
  return `${unknown}${unknownOptionAdvice(name, args, commands)}`;
}

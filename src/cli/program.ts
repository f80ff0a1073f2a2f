import { Command, CommanderError, Option } from 'commander';
import { didYouMean } from '../server/closest.ts';
import { optionName, options, variableName } from '../server/options.ts';
import { exitCodes } from './exit-codes.ts';
import type { Flags } from './flags.ts';

/**
 * Runs one command. Each command's own code is loaded when it is asked for, so that `--help` is quick.
 * The process ends by itself, with `process.exitCode` set, unless the command keeps it busy.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(isVersionFlag(args[0]) ? ['version'] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
}

/** What people type first. */
function isVersionFlag(word: string | undefined): boolean {
  return word === '--version' || word === '-v' || word === '-V';
}

function createProgram(): Command {
  const program = new Command('gantry')
    .description('A durable message broker that speaks SQS, in one process.')
    .helpCommand('help [command]', 'show the options of a command')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) });
  const command = (name: string, description: string, run: (flags: Flags) => Promise<number | undefined>): Command => {
    const made = program
      .command(name)
      .description(description)
      .allowExcessArguments(false)
      .copyInheritedSettings(program);
    return made.action(async (values: Record<string, unknown>) => {
      const code = await run(toFlags(values));
      if (code !== undefined) process.exitCode = code;
    });
  };

  withConfig(
    command('serve', 'run the broker until it is told to stop', async (flags) => {
      const { serve } = await import('./serve.ts');
      return await serve(flags);
    }),
  );
  withConfig(
    command('check-config', 'show what the options mean and where each comes from; starts nothing', async (flags) => {
      const { checkConfig } = await import('./check-config.ts');
      return await checkConfig(flags);
    }),
  );
  withConfig(
    command(
      'health',
      'ask the running broker whether it serves: exit code 0, 1 when not, 3 when not reachable',
      async (flags) => {
        const { askHealth } = await import('./health.ts');
        return await askHealth(flags);
      },
    ),
  ).option('--endpoint <url>', 'the broker to ask, else the first HTTP listener of the options [GANTRY_ENDPOINT]');
  command('version', 'print the version', async () => {
    const { printVersion } = await import('./version.ts');
    return await printVersion();
  });
  return program;
}

/** Values are read as text here; config.ts alone knows what they mean, wherever they were written. */
function withConfig(command: Command): Command {
  for (const [key, { placeholder, help, defaultText }] of Object.entries(options)) {
    const value = placeholder === undefined ? '[true|false]' : `<${placeholder}>`;
    const notes = [defaultText === '' ? undefined : `default: ${defaultText}`, variableName(key)];
    const option = new Option(
      `--${optionName(key)} ${value}`,
      `${help} [${notes.filter((note) => note !== undefined).join('; ')}]`,
    );
    command.addOption(option);
  }
  return command;
}

function toFlags(values: Record<string, unknown>): Flags {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [String(value)]]));
}

/** `error: unknown option '--http-prot'\n(Did you mean --http-port?)` as one line that reads as all others do. */
function oneLine(text: string): string {
  const line = text
    .trim()
    .replace(/^error: /, 'gantry: ')
    .replaceAll('\n', ' ');
  const unknown = /^(gantry: unknown option '--([^']*)')/.exec(line);
  // Of options we know more than how they are spelt: `--port` is the port, not the host.
  if (unknown !== null) return `${unknown[1]}${didYouMean(unknown[2] ?? '', flagNames(), '--')}\n`;
  return `${line.replace(/ \(Did you mean (?:one of )?(.*)\?\)$/, '; did you mean "$1"?')}\n`;
}

function flagNames(): readonly string[] {
  return [...Object.keys(options).map(optionName), 'endpoint'];
}

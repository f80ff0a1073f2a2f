import { Command } from 'commander';
import { GantryError } from '../model/errors.ts';
import { didYouMean } from '../server/closest.ts';

/** `gantry help queue peek`: of commands of two words too. */
export function createHelpCommand(program: Command): Command {
  return new Command('help')
    .description('show the options of a command')
    .argument('[command...]')
    .helpOption(false)
    .action((words: readonly string[]) => commandOf(program, words).outputHelp());
}

/** @throws GantryError `invalid-argument` */
function commandOf(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const [at, word] of words.entries()) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) {
      const before = words.slice(0, at).map((one) => `${one} `);
      const names = command.commands.map((one) => one.name());
      const asked = [...before, word].join('');
      throw new GantryError(
        'invalid-argument',
        `unknown command "${asked}"${didYouMean(word, names, before.join(''))}`,
      );
    }
    command = next;
  }
  return command;
}

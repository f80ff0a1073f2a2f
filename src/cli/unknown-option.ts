import { didYouMean } from '../server/closest.ts';
import { optionName, options } from '../server/options.ts';
import { brokerOptions, type CommandRow, outputOption } from './command.ts';

/** What to say behind `unknown option '--<name>'`: of options more is known than how they are spelt. */
export function unknownOptionAdvice(name: string, args: readonly string[], commands: readonly CommandRow[]): string {
  if (name === 'http-port' || name === 'host') return `; say --endpoint ${endpointMeant(args)}`;
  const names = flagNames(commands);
  return names.includes(name) ? ' of this command: others have it' : didYouMean(name, names, '--');
}

/** As what was typed has it. */
function endpointMeant(args: readonly string[]): string {
  const valueAt = (flag: string): string | undefined => {
    const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
    const [, joined] = /=(.*)$/.exec(args[at] ?? '') ?? [];
    return at < 0 ? undefined : (joined ?? args[at + 1]);
  };
  const host = valueAt('--host') ?? '127.0.0.1';
  const port = valueAt('--http-port') ?? '4566';
  return `http://${/^[\w.-]+$/.test(host) ? host : '127.0.0.1'}:${/^\d{1,5}$/.test(port) ? port : '4566'}`;
}

function flagNames(commands: readonly CommandRow[]): readonly string[] {
  const own = commands.flatMap((row) => row.options ?? []);
  const names = [...own, ...brokerOptions, outputOption].flatMap(({ flags }) => /--([a-z-]+)/.exec(flags)?.[1] ?? []);
  return [...Object.keys(options).map(optionName), ...names];
}

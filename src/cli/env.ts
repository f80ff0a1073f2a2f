import { GantryError } from '../model/errors.ts';
import { awsEnvironment } from './aws-environment.ts';
import { type CommandInput, flag } from './command.ts';
import { checkAwsCli } from './doctor/aws-cli.ts';
import { exitCodes } from './exit-codes.ts';
import { printText, say } from './output.ts';

/** How each shell says it. The values need no quoting, but for the eye. */
const lines: Readonly<Record<string, (name: string, value: string) => string>> = {
  sh: (name, value) => `export ${name}='${value}'`,
  fish: (name, value) => `set -gx ${name} '${value}'`,
  powershell: (name, value) => `$env:${name} = '${value}'`,
};

export async function printEnvironment(input: CommandInput): Promise<number> {
  const shell = flag(input, 'shell') ?? 'sh';
  const line = Object.hasOwn(lines, shell) ? lines[shell] : undefined;
  if (line === undefined)
    throw new GantryError('invalid-argument', `--shell "${shell}": expected ${Object.keys(lines).join(', ')}`);
  const environment = await awsEnvironment({
    endpoint: flag(input, 'endpoint'),
    region: flag(input, 'region'),
    account: flag(input, 'account'),
  });
  const { endpoint, variables, hasUsers, isRunning } = environment;
  const { status, text, wayOut } = await checkAwsCli(endpoint);
  for (const [name, value] of variables) await printText(line(name, value));
  if (status === 'warn') say(`# ${text}: ${wayOut}`);
  if (hasUsers) say('# there are users: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key of yours');
  if (!isRunning) say(`# no broker answers at ${endpoint} yet: \`gantry serve\` starts it`);
  return exitCodes.ok;
}

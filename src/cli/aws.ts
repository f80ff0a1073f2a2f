import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { GantryError } from '../model/errors.ts';
import { awsEnvironment } from './aws-environment.ts';
import type { CommandInput } from './command.ts';

/**
 * The installed `aws`, pointed at the broker; where there is none, what it does for SQS, SNS and STS. What is set already stays: a key of a user, a region. Version 1 heeds no
 * AWS_ENDPOINT_URL, so the flag is given as well.
 */
export async function runAws({ args }: CommandInput): Promise<number> {
  const { endpoint, variables } = await awsEnvironment({
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION,
  });
  const isNamed = args.some((word) => word === '--endpoint-url' || word.startsWith('--endpoint-url='));
  const given = isNamed ? args : ['--endpoint-url', endpoint, ...args];
  const ownKeys = process.env.AWS_ACCESS_KEY_ID !== undefined || process.env.AWS_PROFILE !== undefined;
  const added = variables.filter(([name]) => !(ownKeys && /KEY/.test(name)));
  return run(given, { ...process.env, ...Object.fromEntries(added) });
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('aws', args, { stdio: 'inherit', env });
    const ignore = (): void => undefined; // Ctrl-C is the child's to answer.
    process.on('SIGINT', ignore);
    child.on('error', (error: NodeJS.ErrnoException) => {
      process.off('SIGINT', ignore);
      if (error.code === 'ENOENT') resolve(import('./aws/index.ts').then(({ runOwnAws }) => runOwnAws(args, env)));
      else reject(new GantryError('unavailable', `aws: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

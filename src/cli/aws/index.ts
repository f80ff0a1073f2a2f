/**
 * What the AWS CLI does for SQS, SNS and STS, for machines that have none: its words, its answers, its exit codes. The tables of
 * operations are the broker's own.
 */
import { printExact, say } from '../output.ts';
import { printableLines } from '../printable.ts';
import { encodeRaw } from './binary.ts';
import { findTarget } from './endpoint.ts';
import { AwsFailure, awsExitCodes, usage } from './failure.ts';
import { collect, pagingOf } from './pages.ts';
import { shown, shownPages, viewOf } from './print.ts';
import { problemsOf } from './problems.ts';
import { ask } from './request.ts';
import { type Input, readInput } from './values.ts';
import { type AwsLine, readLine } from './words.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param args what stands behind `aws`
 * @returns the exit code, as version 2 of the AWS CLI ends
 * @throws GantryError `invalid-argument`: no endpoint is named, and the broker's options are wrong
 */
export async function runOwnAws(args: readonly string[], environment: Environment = process.env): Promise<number> {
  try {
    const line = readLine(args);
    if ('isSetting' in line) {
      process.stderr.write(
        'gantry: `aws configure set` sets nothing here: AWS_REGION, AWS_ACCESS_KEY_ID and the like do\n',
      );
      return awsExitCodes.ok;
    }
    const text = 'words' in line ? await (await import('./help.ts')).helpText(line) : await run(line, environment);
    await printExact(text);
    return awsExitCodes.ok;
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error;
    process.stderr.write(`\n${printableLines(error.message)}\n`);
    return error.exitCode;
  }
}

async function run({ operation, globals, parameters }: AwsLine, environment: Environment): Promise<string> {
  const { input: members } = operation.shape;
  const profile = globals.get('profile') ?? environment.AWS_PROFILE;
  if (profile !== undefined && profile !== '') {
    say(`gantry: the profile "${profile}" is not read: set AWS_ACCESS_KEY_ID, AWS_REGION instead`);
  }
  const output = globals.get('output') ?? environment.AWS_DEFAULT_OUTPUT ?? 'json';
  const view = await viewOf(output, globals.get('query'), process.stdout.columns ?? 80);
  const input = wireInput(readInput(members, parameters, globals.get('cli-input-json')), operation, globals);
  const target = await findTarget(operation.service.name, globals, environment);
  const paging = pagingOf(operation.pagedList, input, globals);
  if (paging === undefined) return await shown(view, operation.name, await ask(target, operation, input));
  const collected = await collect(paging, (more) => ask(target, operation, { ...input, ...more }));
  return await shownPages(view, operation.name, collected);
}

/** @throws AwsFailure which names all that is wrong with it */
function wireInput(input: Input, { shape }: AwsLine['operation'], globals: AwsLine['globals']): Input {
  const problems = problemsOf(shape.input, input);
  if (problems.length > 0)
    throw new AwsFailure(awsExitCodes.usage, `Parameter validation failed:\n${problems.join('\n')}`);
  const format = globals.get('cli-binary-format') ?? 'base64';
  if (format === 'base64') return input;
  if (format !== 'raw-in-base64-out') throw usage(`argument --cli-binary-format: Invalid choice "${format}"`);
  return { ...Object(encodeRaw({ members: shape.input }, input)) };
}

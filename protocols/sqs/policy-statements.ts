/** The statements of a queue's Policy, which AddPermission and RemovePermission name by their labels [sqs-sns 1.17]. */
import type { Queue } from '../../src/model/queue.ts';
import { invalidValue, sqsError } from './errors.ts';
import { parseJsonText } from './json-text.ts';
import { sqsLimits } from './limits.ts';
import { accountArn, arnOf } from './names.ts';
import { invalidAttribute } from './queue-attributes.ts';

interface Permission {
  readonly label: string;
  readonly accounts: readonly string[];
  readonly actions: readonly string[];
}

/** @throws AwsError `InvalidParameterValue` when the label is taken, `OverLimit` */
export function withPermission(queue: Queue, { label, accounts, actions }: Permission): string {
  const { policy, statements } = read(queue);
  if (statements.some((each) => sidOf(each) === label)) throw invalidValue('Label', label, 'Already exists.');
  const count = statements.length + 1;
  if (count > sqsLimits.policyStatementsMax) throw tooMany('Statements', count, sqsLimits.policyStatementsMax);
  const Resource = arnOf(queue.address);
  const AWS = oneOrAll(accounts.map((account) => accountArn(account, queue.address)));
  const Action = oneOrAll(actions.map((action) => `SQS:${action}`));
  const added = { Sid: label, Effect: 'Allow', Principal: { AWS }, Action, Resource };
  const fresh = { Version: '2008-10-17', Id: `${Resource}/SQSDefaultPolicy` };
  const text = JSON.stringify({ ...fresh, ...policy, Statement: [...statements, added] });
  if (text.length <= sqsLimits.policyCharactersMax) return text;
  throw tooMany('Characters', text.length, sqsLimits.policyCharactersMax);
}

/**
 * @returns undefined when that was the last statement: then there is no policy [sqs-sns 1.17, verified]
 * @throws AwsError `InvalidParameterValue` when there is no such label
 */
export function withoutPermission(queue: Queue, label: string): string | undefined {
  const { policy, statements } = read(queue);
  const left = statements.filter((each) => sidOf(each) !== label);
  if (left.length === statements.length) throw invalidValue('Label', label, "can't find label.");
  return left.length === 0 ? undefined : JSON.stringify({ ...policy, Statement: left });
}

export function tooMany(what: string, found: number, max: number) {
  return sqsError('OverLimit', `${found} ${what} were found, maximum allowed is ${max}.`);
}

/** A policy that somebody set may have one statement without a list around it. */
function read({ attributes }: Queue) {
  if (attributes.policy === undefined) return { policy: {}, statements: [] };
  const policy = parseJsonText(attributes.policy);
  const statements = policy?.get('Statement') ?? [];
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  // What is no statement is somebody's mistake, not ours to throw away or to add to.
  if (policy === undefined || !list.every(isObject)) throw invalidAttribute('Policy');
  return { policy: Object.fromEntries(policy), statements: list };
}

function sidOf(statement: object): unknown {
  return 'Sid' in statement ? statement.Sid : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneOrAll(texts: readonly string[]): string | readonly string[] {
  const [only] = texts;
  return only !== undefined && texts.length === 1 ? only : texts;
}

/** Who may do what with a topic [sqs-sns 2.2]: the policy that AWS shows of a fresh one, and statements by their labels. */
import { isDeepStrictEqual } from 'node:util';
import { GantryError } from '../../src/model/errors.ts';
import type { Topic, TopicAddress } from '../../src/model/topic.ts';
import { resourcePolicyProblem } from '../../src/security/resource-policies.ts';
import { isTooIntricate } from '../aws/json-guard.ts';
import { accountArn, topicArn } from './arn.ts';
import { snsLimits } from './limits.ts';

/** What a topic's policy can give to others; for batches the action of one message stands. */
export const grantableActions = [
  ...['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'],
  ...['Subscribe', 'ListSubscriptionsByTopic', 'Publish', 'Receive'],
] as const;
/** What one that is set may say besides [SNS API permissions]. */
const otherActions = [...['GetDataProtectionPolicy', 'PutDataProtectionPolicy', 'ListTagsForResource', 'PublishBatch']];
const knownActions = new Set([...grantableActions, ...otherActions].map((action) => `sns:${action}`.toLowerCase()));

export const outOfScope = 'Policy statement action out of service scope!';

interface Permission {
  readonly label: string;
  readonly accounts: readonly string[];
  readonly actions: readonly string[];
}
interface PolicyDocument {
  readonly policy: object;
  readonly statements: readonly unknown[];
}

/**
 * As it was given.
 * @throws GantryError `invalid-argument`; what is wrong with it is told in a hint, for AWS's own text does not say
 */
export function readTopicPolicy(text: string): string {
  const document = documentIn(text);
  const problem = document === undefined ? 'it is no JSON object, or too large' : resourcePolicyProblem(text);
  if (document === undefined || problem !== undefined) {
    throw new GantryError('invalid-argument', 'Policy Error: null', { hint: `Policy: ${problem}` });
  }
  for (const statement of document.statements) for (const action of actionsIn(statement)) requireInScope(action);
  return text;
}

/** The owner's account alone, in AWS's words, which a condition says that no user of that account fulfils. */
export function defaultPolicy(address: TopicAddress): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: grantableActions.filter((action) => action !== 'Receive').map((action) => `SNS:${action}`),
        Resource: topicArn(address),
        Condition: { StringEquals: { 'AWS:SourceOwner': address.account } },
      },
    ],
  });
}

/** @throws GantryError `invalid-argument` when the label is taken, or the policy would be too long */
export function withPermission(topic: Topic, { label, accounts, actions }: Permission): string {
  const { policy, statements } = policyOf(topic);
  if (statements.some((each) => sidOf(each) === label)) {
    throw new GantryError('invalid-argument', 'Statement already exists');
  }
  const AWS = oneOrAll(accounts.map((account) => accountArn(account, topic.address)));
  const Action = oneOrAll(actions.map((action) => `SNS:${action}`));
  const added = { Sid: label, Effect: 'Allow', Principal: { AWS }, Action, Resource: topicArn(topic.address) };
  const text = JSON.stringify({ ...policy, Statement: [...statements, added] });
  if (Buffer.byteLength(text) <= snsLimits.policyBytesMax) return text;
  throw new GantryError('invalid-argument', `Policy: longer than ${snsLimits.policyBytesMax} bytes`);
}

/** A label that is not there is no mistake (verified). @returns undefined: what is left is the default */
export function withoutPermission(topic: Topic, label: string): string | undefined {
  const { policy, statements } = policyOf(topic);
  const left = statements.filter((each) => sidOf(each) !== label);
  if (left.length === statements.length) return topic.attributes.policy;
  const document = { ...policy, Statement: left };
  return isDeepStrictEqual(document, JSON.parse(defaultPolicy(topic.address))) ? undefined : JSON.stringify(document);
}

function policyOf({ attributes, address }: Topic): PolicyDocument {
  const document = documentIn(attributes.policy ?? defaultPolicy(address));
  // One of a former version, perhaps, that nobody can read any more: not ours to throw away.
  if (document === undefined) throw new GantryError('invalid-argument', 'Policy Error: null');
  return document;
}

function documentIn(text: string): PolicyDocument | undefined {
  if (Buffer.byteLength(text) > snsLimits.policyBytesMax || isTooIntricate(Buffer.from(text))) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const given: unknown = 'Statement' in value ? value.Statement : [];
    // One statement may stand without a list around it.
    return { policy: value, statements: Array.isArray(given) ? given : [given] };
  } catch {
    return undefined; // Not JSON: the caller words the refusal.
  }
}

/** A name with a wildcard is taken, where AWS refuses it: it says plainly what is meant. */
function requireInScope(action: string): void {
  const name = action.toLowerCase();
  if (knownActions.has(name) || name === '*' || (name.startsWith('sns:') && /[*?]/.test(name))) return;
  const hint = `Policy: the action "${action.slice(0, 100)}" is none that a topic's policy can give`;
  throw new GantryError('invalid-argument', outOfScope, { hint });
}

function actionsIn(statement: unknown): readonly string[] {
  if (typeof statement !== 'object' || statement === null) return [];
  const given = [
    'Action' in statement ? statement.Action : [],
    'NotAction' in statement ? statement.NotAction : [],
  ].flat();
  return given.filter((each) => typeof each === 'string');
}

function sidOf(statement: unknown): unknown {
  return typeof statement === 'object' && statement !== null && 'Sid' in statement ? statement.Sid : undefined;
}

function oneOrAll(texts: readonly string[]): string | readonly string[] {
  const [only] = texts;
  return only !== undefined && texts.length === 1 ? only : texts;
}

import type { Authorize } from '../core/authorize.ts';
import type { Clock } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { Action, Principal, Resource } from '../model/principal.ts';
import type { Queue, QueueAddress } from '../model/queue.ts';
import type { Topic, TopicAddress } from '../model/topic.ts';
import { Decisions } from './decisions.ts';
import { operator } from './operator.ts';
import { Budget, stepsMax } from './policy/budget.ts';
import { decide, type Refusal } from './policy/decide.ts';
import type { Statement } from './policy/document.ts';
import type { Asked, Asker, Question } from './policy/question.ts';
import { factsOf, isOfAsker } from './request-facts.ts';
import { resourceArn } from './resource-arn.ts';
import { createResourcePolicies, type PolicyHolder } from './resource-policies.ts';
import { type Users, userArn } from './users.ts';

export interface AuthorizeDependencies {
  readonly users: Users;
  readonly clock: Pick<Clock, 'now'>;
  /** For its policy and tags. */
  findQueue(address: QueueAddress): Queue | undefined;
  /** Likewise. */
  findTopic(address: TopicAddress): Topic | undefined;
}

/** What core's actions are called in policies where the request has no better name for them: of queues and the broker. */
export const namesByAction: Readonly<Record<Action, string>> = {
  create: 'sqs:CreateQueue',
  send: 'sqs:SendMessage',
  receive: 'sqs:ReceiveMessage',
  browse: 'sqs:GetQueueAttributes',
  manage: 'sqs:SetQueueAttributes',
  subscribe: 'sns:Subscribe',
  admin: 'gantry:Admin',
};
/** And of topics. */
const topicNamesByAction: Readonly<Record<Action, string>> = {
  create: 'sns:CreateTopic',
  send: 'sns:Publish',
  receive: 'sns:Receive',
  browse: 'sns:GetTopicAttributes',
  manage: 'sns:SetTopicAttributes',
  subscribe: 'sns:Subscribe',
  admin: 'gantry:Admin',
};
/** What the policy of a queue or topic cannot give to another account [SQS and SNS Developer Guides, cross-account permissions]. */
const ownersAlone: ReadonlySet<string> = new Set([
  ...['sqs:addpermission', 'sqs:removepermission', 'sqs:createqueue', 'sqs:deletequeue', 'sqs:setqueueattributes'],
  ...['sqs:listqueues', 'sqs:listqueuetags', 'sqs:tagqueue', 'sqs:untagqueue'],
  ...['sqs:startmessagemovetask', 'sqs:cancelmessagemovetask', 'sqs:listmessagemovetasks'],
  ...['sns:createtopic', 'sns:listtopics', 'sns:listsubscriptions', 'sns:tagresource', 'sns:untagresource'],
]);
const none: readonly Statement[] = [];

/** Asks the policies of the user and of the queue or topic. Never waits: all are in memory, compiled. */
export function createAuthorize({ users, clock, findQueue, findTopic }: AuthorizeDependencies): Authorize {
  const policies = createResourcePolicies();
  const decisions = new Decisions();

  return (principal, action, resource) => {
    const isUser = !principal.isAnonymous && principal.topic === undefined;
    const user = isUser ? users.find(principal.name) : undefined;
    if (user === undefined && isUser) return principal === operator ? undefined : noSuchUser();
    if (user?.isAdmin === true) return undefined;
    const holder = holderOf(resource);
    const name = nameOf(principal, action, resource);
    const key = keyOf(principal, action, name);
    const known = holder === undefined ? undefined : decisions.find(holder, key);
    if (known?.isAllowed === true) return undefined;
    const asker = askerOf(principal);
    let hangsOnFacts = false;
    const question: Question = {
      asker,
      action,
      actionName: name.toLowerCase(),
      resource: askedOf(resource, asker),
      budget: new Budget(stepsMax),
      fact: (factName) => {
        if (!isOfAsker(factName)) hangsOnFacts = true;
        return factsOf(factName, { principal, asker, resource, holder, now: clock.now() });
      },
    };
    const ofHolder = holder === undefined ? none : policies.of(holder);
    const decision = known ?? decide(question, user?.statements ?? none, countingOf(question, ofHolder));
    if (holder !== undefined && !hangsOnFacts) decisions.keep(holder, key, decision);
    return decision.isAllowed ? undefined : refusal(question, decision, shownName(name));
  };

  function holderOf(resource: Resource): PolicyHolder | undefined {
    if (resource.type === 'queue') return findQueue(resource);
    return resource.type === 'topic' ? findTopic(resource) : undefined;
  }
}

/** No two that may get another decision have one key: a user may be called like the service, or like the anonymous. */
function keyOf({ account, name, isAnonymous, topic }: Principal, action: Action, actName: string): string {
  const who = topic === undefined ? `${account}/${isAnonymous ? '' : name}` : resourceArn({ type: 'topic', ...topic });
  return `${who}/${action}/${actName}`;
}

/** Of a queue's or topic's statements those that count for this asker. */
export function countingOf(
  { asker, resource, actionName }: Question,
  ofHolder: readonly Statement[],
): readonly Statement[] {
  const isForeign = asker.account !== resource.account || asker.isAnonymous;
  return isForeign && ownersAlone.has(actionName) ? ofHolder.filter(({ effect }) => effect === 'Deny') : ofHolder;
}

/** As AWS's own refusals spell it: those of SQS are in small letters, those of SNS as the operation is written. */
function shownName(actName: string): string {
  return actName.startsWith('sns:') ? actName.replace('sns:', 'SNS:') : actName.toLowerCase();
}

function refusal({ asker, resource }: Question, { isExplicit, by }: Refusal, actionName: string): GantryError {
  if (asker.isAnonymous && !isExplicit) return noToken();
  const policy = `${by}-based policy`;
  const why = isExplicit
    ? `with an explicit deny in ${by === 'identity' ? 'an' : 'a'} ${policy}`
    : `because no ${policy} allows the ${actionName} action`;
  const who = asker.isAnonymous ? 'anonymous' : (asker.services?.[0] ?? asker.arn);
  const message = `User: ${who} is not authorized to perform: ${actionName} on resource: ${resource.arn} ${why}`;
  return new GantryError('access-denied', message, { resource: resource.name });
}

function nameOf({ act }: Principal, action: Action, resource: Resource): string {
  return act?.action === action ? act.name : nameOfAction(action, resource);
}

export function nameOfAction(action: Action, { type }: Resource): string {
  return type === 'topic' ? topicNamesByAction[action] : namesByAction[action];
}

export function askerOf({ name, account, isAnonymous, topic }: Principal): Asker {
  if (topic !== undefined) {
    // Policies in regions that one opts into name the service with its region.
    const services = ['sns.amazonaws.com', `sns.${topic.region}.amazonaws.com`];
    return { isAnonymous, account, arn: '', services };
  }
  return { isAnonymous, account, arn: isAnonymous ? '' : userArn(account, name) };
}

/** The broker itself is every account's. */
export function askedOf(resource: Resource, asker: Asker): Asked {
  if (resource.type === 'broker') return { arn: resourceArn(resource), account: asker.account, name: 'broker' };
  return { arn: resourceArn(resource), account: resource.account, name: resource.name };
}

function noToken(): GantryError {
  return new GantryError('unauthenticated', 'Request is missing Authentication Token');
}

/** Its key was accepted, and it is no more. */
function noSuchUser(): GantryError {
  return new GantryError('access-denied', 'The security token included in the request is invalid.');
}

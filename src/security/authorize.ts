import type { Authorize } from '../core/authorize.ts';
import type { Clock } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { Action, Principal, Resource } from '../model/principal.ts';
import type { Queue, QueueAddress } from '../model/queue.ts';
import { Decisions } from './decisions.ts';
import { operator } from './operator.ts';
import { Budget, stepsMax } from './policy/budget.ts';
import { decide, type Refusal } from './policy/decide.ts';
import type { Statement } from './policy/document.ts';
import type { Asked, Asker, Question } from './policy/question.ts';
import { createQueuePolicies } from './queue-policies.ts';
import { factsOf } from './request-facts.ts';
import { resourceArn } from './resource-arn.ts';
import { type Users, userArn } from './users.ts';

export interface AuthorizeDependencies {
  readonly users: Users;
  readonly clock: Pick<Clock, 'now'>;
  /** For its policy and tags. */
  findQueue(address: QueueAddress): Queue | undefined;
}

/** What core's actions are called in policies where the request has no better name for them. */
export const namesByAction: Readonly<Record<Action, string>> = {
  create: 'sqs:CreateQueue',
  send: 'sqs:SendMessage',
  receive: 'sqs:ReceiveMessage',
  browse: 'sqs:GetQueueAttributes',
  manage: 'sqs:SetQueueAttributes',
  subscribe: 'sns:Subscribe',
  admin: 'gantry:Admin',
};
/** What a queue's policy cannot give to another account [SQS Developer Guide, cross-account permissions]. */
const ownersAlone: ReadonlySet<string> = new Set([
  ...['sqs:addpermission', 'sqs:removepermission', 'sqs:createqueue', 'sqs:deletequeue', 'sqs:setqueueattributes'],
  ...['sqs:listqueues', 'sqs:listqueuetags', 'sqs:tagqueue', 'sqs:untagqueue'],
  ...['sqs:startmessagemovetask', 'sqs:cancelmessagemovetask', 'sqs:listmessagemovetasks'],
]);
const none: readonly Statement[] = [];

/** Asks the policies of the user and of the queue. Never waits: both are in memory, compiled. */
export function createAuthorize({ users, clock, findQueue }: AuthorizeDependencies): Authorize {
  const queuePolicies = createQueuePolicies();
  const decisions = new Decisions();

  return (principal, action, resource) => {
    const user = principal.isAnonymous ? undefined : users.find(principal.name);
    if (user === undefined && !principal.isAnonymous) return principal === operator ? undefined : noSuchUser();
    if (user?.isAdmin === true) return undefined;
    const queue = resource.type === 'queue' ? findQueue(resource) : undefined;
    const name = nameOf(principal, action);
    const key = `${principal.account}/${principal.isAnonymous ? '' : principal.name}/${action}/${name}`;
    const known = queue === undefined ? undefined : decisions.find(queue, key);
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
        hangsOnFacts = true;
        return factsOf(factName, { principal, asker, resource, queue, now: clock.now() });
      },
    };
    const ofQueue = queue === undefined ? none : queuePolicies.of(queue);
    const decision = known ?? decide(question, user?.statements ?? none, countingOf(question, ofQueue));
    if (queue !== undefined && !hangsOnFacts) decisions.keep(queue, key, decision);
    return decision.isAllowed ? undefined : refusal(question, decision);
  };
}

/** Of a queue's statements those that count for this asker. */
export function countingOf(
  { asker, resource, actionName }: Question,
  ofQueue: readonly Statement[],
): readonly Statement[] {
  const isForeign = asker.account !== resource.account || asker.isAnonymous;
  return isForeign && ownersAlone.has(actionName) ? ofQueue.filter(({ effect }) => effect === 'Deny') : ofQueue;
}

function refusal(question: Question, { isExplicit, by }: Refusal): GantryError {
  const { asker, actionName, resource } = question;
  if (asker.isAnonymous && !isExplicit) return noToken();
  const policy = `${by}-based policy`;
  const why = isExplicit
    ? `with an explicit deny in ${by === 'identity' ? 'an' : 'a'} ${policy}`
    : `because no ${policy} allows the ${actionName} action`;
  const who = asker.isAnonymous ? 'anonymous' : asker.arn;
  const message = `User: ${who} is not authorized to perform: ${actionName} on resource: ${resource.arn} ${why}`;
  return new GantryError('access-denied', message, { resource: resource.name });
}

function nameOf({ act }: Principal, action: Action): string {
  return act?.action === action ? act.name : namesByAction[action];
}

export function askerOf({ name, account, isAnonymous }: Principal): Asker {
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

import type { Clock } from '../model/clock.ts';
import type { Action, Principal, Resource } from '../model/principal.ts';
import { askedOf, askerOf, countingOf } from './authorize.ts';
import { Budget, stepsMax } from './policy/budget.ts';
import { applies, decide } from './policy/decide.ts';
import type { Statement } from './policy/document.ts';
import type { Question } from './policy/question.ts';
import { factsOf } from './request-facts.ts';
import { createResourcePolicies, type PolicyHolder } from './resource-policies.ts';
import type { User } from './users.ts';

export interface Asked {
  readonly principal: Principal;
  /** Undefined: nobody of ours, who has no policy here. */
  readonly user: User | undefined;
  readonly action: Action;
  /** `sqs:SendMessage`. */
  readonly actionName: string;
  readonly resource: Resource;
  /** The resource, where it is there. */
  readonly holder: PolicyHolder | undefined;
  /** Circumstances by the key of a condition, in small letters; they stand before those of a request. */
  readonly context: ReadonlyMap<string, string>;
}
export interface Explanation {
  readonly isAllowed: boolean;
  /** In words. */
  readonly why: string;
  /** That which decided; of a request from another account the user's own. */
  readonly statement?: StatementPlace;
}
interface StatementPlace {
  readonly of: 'user' | 'queue' | 'topic';
  /** From 0. */
  readonly index: number;
  readonly sid?: string;
}

/** Says what `authorize` would decide, by which statement: the same evaluation over the same policies. */
export function explain(asked: Asked, clock: Pick<Clock, 'now'>): Explanation {
  const { user, holder } = asked;
  if (user?.isAdmin === true) return { isAllowed: true, why: `user "${user.name}" is an admin, who may do everything` };
  const ofUser = user?.statements ?? [];
  const ofHolder = holder === undefined ? [] : createResourcePolicies().of(holder);
  const question = questionOf(asked, clock);
  const counting = countingOf(question, ofHolder);
  const decision = decide(question, ofUser, counting);
  const effect = decision.isAllowed ? 'Allow' : 'Deny';
  const find = (statements: readonly Statement[]) =>
    statements.find((one) => applies(one, questionOf(asked, clock), effect));
  if (!decision.isAllowed && !decision.isExplicit)
    return { isAllowed: false, why: unsaid(asked, question, decision.by) };
  const byUser = find(ofUser);
  const byHolder = find(counting);
  const kind = asked.resource.type === 'topic' ? 'topic' : 'queue';
  const places: readonly StatementPlace[] = [
    ...(byUser === undefined ? [] : [placeOf('user', ofUser, byUser)]),
    ...(byHolder === undefined ? [] : [placeOf(kind, ofHolder, byHolder)]),
  ];
  const isForeign = question.asker.account !== question.resource.account;
  const counted = decision.isAllowed && isForeign && user !== undefined ? places : places.slice(0, 1);
  const [statement] = counted;
  const verb = decision.isAllowed ? 'allowed' : 'denied';
  const words = counted.map((place) => wordsOf(place, asked)).join(' and ');
  return {
    isAllowed: decision.isAllowed,
    why: `${verb} by ${words}`,
    ...(statement === undefined ? {} : { statement }),
  };
}

function questionOf(
  { principal, action, actionName, resource, holder, context }: Asked,
  clock: Pick<Clock, 'now'>,
): Question {
  const asker = askerOf(principal);
  return {
    ...{ asker, action, actionName: actionName.toLowerCase() },
    resource: askedOf(resource, asker),
    budget: new Budget(stepsMax),
    fact: (name) =>
      context.get(name.toLowerCase()) ?? factsOf(name, { principal, asker, resource, holder, now: clock.now() }),
  };
}

function placeOf(of: StatementPlace['of'], statements: readonly Statement[], statement: Statement): StatementPlace {
  const { sid } = statement;
  return { of, index: statements.indexOf(statement), ...(sid === undefined ? {} : { sid }) };
}

function wordsOf({ of, index, sid }: StatementPlace, { principal, resource }: Asked): string {
  const whose = of === 'user' ? `user "${principal.name}"` : nounOf(resource);
  return `statement ${index}${sid === undefined ? '' : ` ("${sid}")`} of the policy of ${whose}`;
}

function unsaid(
  { user, principal, resource }: Asked,
  { asker, resource: asked }: Question,
  by: 'identity' | 'resource',
): string {
  const holder = nounOf(resource);
  if (by === 'resource') {
    if (asker.services !== undefined)
      return `denied: no statement of the policy of ${holder} allows it to ${asker.services[0]}, as which a topic asks`;
    const who = asker.isAnonymous
      ? 'who does not sign'
      : `somebody of another account (${asker.account}, not ${asked.account})`;
    return `denied: no statement of the policy of ${holder} allows it, which ${who} needs`;
  }
  if (user === undefined)
    return `denied: there is no user "${principal.name}", and the policy of ${holder} does not name it`;
  const isForeign = asker.account !== asked.account;
  const also = isForeign
    ? '; the policy of another account is not enough alone'
    : `, nor does the policy of ${holder} name it`;
  return `denied: no statement of the policy of user "${user.name}" allows it${also}`;
}

function nounOf(resource: Resource): string {
  return resource.type === 'broker' ? 'the broker' : `${resource.type} "${resource.name}"`;
}

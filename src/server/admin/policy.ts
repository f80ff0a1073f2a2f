import * as v from 'valibot';
import { actNames as snsActNames, actOf as snsActOf } from '../../../protocols/sns/acts.ts';
import { actNames as sqsActNames, actOf as sqsActOf } from '../../../protocols/sqs/acts.ts';
import { GantryError } from '../../model/errors.ts';
import type { Action, Principal, Resource } from '../../model/principal.ts';
import type { Namespace } from '../../model/queue.ts';
import type { TopicAddress } from '../../model/topic.ts';
import { nameOfAction, namesByAction } from '../../security/authorize.ts';
import { type Asked, type Explanation, explain } from '../../security/explain.ts';
import { resourceArn } from '../../security/resource-arn.ts';
import { createUsers, userArn } from '../../security/users.ts';
import { didYouMean } from '../closest.ts';
import { record } from '../definitions/records.ts';
import { actNames } from '../definitions/user-names.ts';
import { text } from '../definitions/values.ts';
import { type AdminParts, ok, operation } from './operation.ts';

/** What a question to the policies is answered with. */
export interface PolicyView {
  readonly allowed: boolean;
  readonly why: string;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly statement: Explanation['statement'] | null;
}

const anonymousName = 'anonymous';
const arnPattern = /^arn:aws[a-z-]*:iam::(\d{12}):user\/(\S{1,64})$/;
const resourceArnPattern = /^arn:aws[a-z-]*:(sqs|sns):([a-z0-9-]{1,64}):(\d{12}):([\w.-]{1,256})$/;

export const policyOperations = [
  operation({
    method: 'POST',
    path: '/policy/check',
    summary: 'say whether somebody may do something, and which statement decides; does nothing',
    permission: 'admin',
    body: v.strictObject({
      user: v.optional(text('name of a user', 64)),
      principal: v.optional(text('anonymous, or the ARN of a user, also of another account, or of a topic', 400)),
      action: text(
        'create, send, receive, browse, subscribe, manage, admin, or a name of AWS as in sqs:SendMessage',
        100,
      ),
      resource: text('name or ARN of a queue or topic, which need not be there; broker', 400),
      context: v.optional(
        v.pipe(
          record(v.string(), v.union([v.string(), v.number(), v.boolean()], 'expected a text')),
          v.title('values of condition keys: {"aws:SourceIp": "10.0.0.1"}'),
        ),
      ),
    }),
    answers: { 200: '{allowed, why, principal, action, resource, statement: {of, index, sid?} or null}' },
    handle: async ({ parts, namespace, body }) => {
      const who = whoIn(parts, body);
      const resource = resourceIn(body.resource, body.action, {
        account: namespace.account,
        region: namespace.region,
      });
      const { action, actionName } = actionIn(body.action, resource);
      const context = new Map(
        Object.entries(body.context ?? {}).map(([key, value]) => [key.toLowerCase(), String(value)]),
      );
      const holder = holderOf(parts, resource);
      const { isAllowed, why, statement } = judged(parts, { ...who, action, actionName, resource, holder, context });
      const { principal } = who;
      const view: PolicyView = {
        ...{ allowed: isAllowed, why },
        principal: shownPrincipal(principal),
        action: actionName,
        resource: resourceArn(resource),
        statement: statement ?? null,
      };
      return ok(view);
    },
  }),
];

function holderOf({ broker }: AdminParts, resource: Resource): Asked['holder'] {
  if (resource.type === 'queue') return broker.catalogue.find(resource);
  return resource.type === 'topic' ? broker.topics.catalogue.find(resource) : undefined;
}

function judged({ access }: AdminParts, asked: Asked): Explanation {
  const guard = access.current;
  if (guard !== undefined) return explain(asked, guard.clock);
  return { isAllowed: true, why: 'allowed: there are no users, and everybody may do everything' };
}

/** @throws GantryError `invalid-argument`, `not-found` */
function whoIn(
  { access }: AdminParts,
  { user: name, principal }: { readonly user?: string | undefined; readonly principal?: string | undefined },
): Pick<Asked, 'principal' | 'user'> {
  if ((name === undefined) === (principal === undefined))
    throw new GantryError('invalid-argument', 'name either a user or a principal');
  const users = access.current?.users ?? createUsers([]);
  if (name !== undefined) {
    const user = users.find(name);
    if (user !== undefined) return { user, principal: { name, account: user.account, isAnonymous: false } };
    const names = [...access.fileUsers, ...access.storedUsers()].slice(0, 1_000).map((one) => one.name);
    throw new GantryError('not-found', `user "${name}" does not exist${didYouMean(name, names)}`, { resource: name });
  }
  if (principal === anonymousName) return { user: undefined, principal: nobody };
  const topic = topicIn(principal ?? '');
  if (topic !== undefined) return { user: undefined, principal: ofTopic(topic) };
  const [, account, userNamed] = arnPattern.exec(principal ?? '') ?? [];
  if (account === undefined || userNamed === undefined)
    throw new GantryError(
      'invalid-argument',
      'principal: expected anonymous, arn:aws:iam::<account>:user/<name>, or the ARN of a topic',
    );
  return { user: users.find(userNamed), principal: { name: userNamed, account, isAnonymous: false } };
}

const nobody: Principal = { name: anonymousName, account: '000000000000', isAnonymous: true };

/** As which a topic hands on what was published to it. */
function ofTopic(topic: TopicAddress): Principal {
  return { name: 'sns.amazonaws.com', account: topic.account, isAnonymous: false, topic };
}

function topicIn(arn: string): TopicAddress | undefined {
  const [, service, region, account, name] = resourceArnPattern.exec(arn) ?? [];
  if (service !== 'sns' || region === undefined || account === undefined || name === undefined) return undefined;
  return { account, region, name };
}

function shownPrincipal({ isAnonymous, account, name, topic }: Principal): string {
  if (topic !== undefined) return resourceArn({ type: 'topic', ...topic });
  return isAnonymous ? anonymousName : userArn(account, name);
}

/** @throws GantryError `invalid-argument` */
function actionIn(word: string, resource: Resource): { readonly action: Action; readonly actionName: string } {
  const plain = Object.keys(namesByAction).find((one): one is Action => one === word);
  if (plain !== undefined) return { action: plain, actionName: nameOfAction(plain, resource) };
  const known = actNames.get(word.toLowerCase());
  if (known === undefined)
    throw new GantryError(
      'invalid-argument',
      `unknown action "${word}"${didYouMean(word, [...Object.keys(namesByAction), ...actNames.values()])}`,
    );
  const operation = known.slice(known.indexOf(':') + 1);
  const act = sqsActNames.has(word.toLowerCase())
    ? sqsActOf(operation)
    : snsActNames.has(word.toLowerCase())
      ? snsActOf(operation)
      : { action: 'browse' as const, name: known };
  return { action: act.action, actionName: act.name };
}

/** A bare name is that of a topic where the action is one of SNS. @throws GantryError `invalid-argument` */
function resourceIn(word: string, action: string, namespace: Namespace): Resource {
  if (word === 'broker') return { type: 'broker' };
  const isOfTopic = /^sns:/i.test(action);
  if (/^[\w.-]{1,256}$/.test(word)) return { type: isOfTopic ? 'topic' : 'queue', ...namespace, name: word };
  const [, service, region, account, name] = resourceArnPattern.exec(word) ?? [];
  if (region !== undefined && account !== undefined && name !== undefined)
    return { type: service === 'sns' ? 'topic' : 'queue', region, account, name };
  throw new GantryError('invalid-argument', 'resource: expected the name or ARN of a queue or topic, or broker');
}

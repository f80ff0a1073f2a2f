import * as v from 'valibot';
import { actOf, actNames as sqsActNames } from '../../../protocols/sqs/acts.ts';
import { GantryError } from '../../model/errors.ts';
import type { Action, Principal, Resource } from '../../model/principal.ts';
import type { Namespace } from '../../model/queue.ts';
import { namesByAction } from '../../security/authorize.ts';
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
const queueArnPattern = /^arn:aws[a-z-]*:sqs:([a-z0-9-]{1,64}):(\d{12}):([\w.-]{1,80})$/;

export const policyOperations = [
  operation({
    method: 'POST',
    path: '/policy/check',
    summary: 'say whether somebody may do something, and which statement decides; does nothing',
    permission: 'admin',
    body: v.strictObject({
      user: v.optional(text('name of a user', 64)),
      principal: v.optional(text('anonymous, or the ARN of a user, also of another account', 200)),
      action: text('create, send, receive, browse, manage, admin, or a name of AWS as in sqs:SendMessage', 100),
      resource: text('name or ARN of a queue, which need not be there; broker', 200),
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
      const { action, actionName } = actionIn(body.action);
      const resource = resourceIn(body.resource, { account: namespace.account, region: namespace.region });
      const context = new Map(
        Object.entries(body.context ?? {}).map(([key, value]) => [key.toLowerCase(), String(value)]),
      );
      const queue = resource.type === 'queue' ? parts.broker.catalogue.find(resource) : undefined;
      const { isAllowed, why, statement } = judged(parts, { ...who, action, actionName, resource, queue, context });
      const { principal } = who;
      const view: PolicyView = {
        ...{ allowed: isAllowed, why },
        principal: principal.isAnonymous ? anonymousName : userArn(principal.account, principal.name),
        action: actionName,
        resource: resourceArn(resource),
        statement: statement ?? null,
      };
      return ok(view);
    },
  }),
];

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
  const [, account, userNamed] = arnPattern.exec(principal ?? '') ?? [];
  if (account === undefined || userNamed === undefined)
    throw new GantryError('invalid-argument', 'principal: expected anonymous, or arn:aws:iam::<account>:user/<name>');
  return { user: users.find(userNamed), principal: { name: userNamed, account, isAnonymous: false } };
}

const nobody: Principal = { name: anonymousName, account: '000000000000', isAnonymous: true };

/** @throws GantryError `invalid-argument` */
function actionIn(word: string): { readonly action: Action; readonly actionName: string } {
  const plain = Object.keys(namesByAction).find((one): one is Action => one === word);
  if (plain !== undefined) return { action: plain, actionName: namesByAction[plain] };
  const known = actNames.get(word.toLowerCase());
  if (known === undefined)
    throw new GantryError(
      'invalid-argument',
      `unknown action "${word}"${didYouMean(word, [...Object.keys(namesByAction), ...actNames.values()])}`,
    );
  if (!sqsActNames.has(word.toLowerCase())) return { action: 'browse', actionName: known };
  const act = actOf(known.slice('sqs:'.length));
  return { action: act.action, actionName: act.name };
}

/** @throws GantryError `invalid-argument` */
function resourceIn(word: string, namespace: Namespace): Resource {
  if (word === 'broker') return { type: 'broker' };
  if (/^[\w.-]{1,80}$/.test(word)) return { type: 'queue', ...namespace, name: word };
  const [, region, account, name] = queueArnPattern.exec(word) ?? [];
  if (region !== undefined && account !== undefined && name !== undefined)
    return { type: 'queue', region, account, name };
  throw new GantryError('invalid-argument', 'resource: expected the name or ARN of a queue, or broker');
}

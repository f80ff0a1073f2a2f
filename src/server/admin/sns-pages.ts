/**
 * What went to telephones and devices, as LocalStack's users read it, opting a telephone out, and the tokens of confirmations: pages of their own, below
 * `/_aws/sns`, for those who may do everything; for the rest they are the admin API.
 */
import * as v from 'valibot';
import { arnParts } from '../../../protocols/sns/arn.ts';
import { lastToken } from '../../../protocols/sns/confirmation.ts';
import { outboxFilter, outboxPage, phoneOptOutsPage } from '../../../protocols/sns/delivery/outbox-pages.ts';
import { createOutboxStorage } from '../../../protocols/sns/delivery/outbox-storage.ts';
import { isPhoneNumber } from '../../../protocols/sns/destinations.ts';
import { optOut, optOutPrefix, optOutsOf } from '../../../protocols/sns/sms/opt-outs.ts';
import { GantryError } from '../../model/errors.ts';
import { defaultNamespace } from '../../model/queue.ts';
import { type AdminCall, done, type Operation, ok, operation } from './operation.ts';

/** Of these pages; the admin API's own is `/_gantry`. */
export const snsPagesPrefix = '/_aws/sns';

const optOutsShownMax = 10_000;

const ofAccount = { accountId: v.optional(v.string()) };
const messagePages = [
  { kind: 'sms', path: '/sms-messages', query: v.strictObject({ ...ofAccount, phoneNumber: v.optional(v.string()) }) },
  {
    kind: 'push',
    path: '/platform-endpoint-messages',
    query: v.strictObject({ ...ofAccount, endpointArn: v.optional(v.string()) }),
  },
] as const;

const messageOperations: readonly Operation[] = messagePages.flatMap(({ kind, path, query }) => [
  operation({
    method: 'GET',
    path,
    summary: 'what was sent, by its receiver',
    permission: 'admin',
    query,
    answers: { 200: 'as LocalStack answers it' },
    handle: async (call) => {
      const filter = outboxFilter(kind, parametersOf(call));
      return ok(outboxPage(kind, filter, await createOutboxStorage(call.parts.broker).list(filter)));
    },
  }),
  operation({
    method: 'DELETE',
    path,
    summary: 'forget what was sent',
    permission: 'admin',
    query,
    answers: { 204: 'it is forgotten' },
    handle: async (call) => {
      await createOutboxStorage(call.parts.broker).remove(outboxFilter(kind, parametersOf(call)));
      return done;
    },
  }),
]);

const phone = v.object({ phoneNumber: v.string(), accountId: v.optional(v.string()) });

const optOutOperations: readonly Operation[] = [
  operation({
    method: 'GET',
    path: '/phone-opt-outs',
    summary: 'who wants no text messages',
    permission: 'admin',
    query: v.strictObject(ofAccount),
    answers: { 200: '{phone_opt_outs: [...], region}' },
    handle: async ({ parts, query, namespace }) => {
      const prefix = optOutPrefix(query.accountId ?? defaultNamespace.account);
      const found = optOutsOf(parts.broker).list(prefix, undefined, optOutsShownMax);
      const numbers = found.map(({ key }) => key.slice(prefix.length));
      return ok(phoneOptOutsPage(numbers, namespace.region));
    },
  }),
  ...(['POST', 'PUT'] as const).map((method) =>
    operation({
      method,
      path: '/phone-opt-outs',
      summary: 'opt a telephone out, as its owner would',
      permission: 'admin',
      body: phone,
      answers: { 200: 'it is told nothing any more', 400: 'no telephone number' },
      handle: async ({ parts, body: { phoneNumber, accountId = defaultNamespace.account } }) => {
        if (!isPhoneNumber(phoneNumber)) {
          const message = `phoneNumber: "${phoneNumber.slice(0, 40)}" is none in E.164, such as +15551234567`;
          throw new GantryError('invalid-argument', message);
        }
        if (!/^\d{12}$/.test(accountId)) throw new GantryError('invalid-argument', 'accountId: expected 12 digits');
        await optOut(parts.broker, accountId, phoneNumber);
        return ok({});
      },
    }),
  ),
];

/** For endpoints that nobody reads; errors are LocalStack's too. */
const tokenOperation = operation({
  method: 'GET',
  path: '/subscription-tokens/{arn}',
  summary: 'the token that an endpoint was sent, with which its subscription is confirmed',
  permission: 'admin',
  answers: { 200: '{subscription_token, subscription_arn}', 400: 'no ARN', 404: 'no subscription that has one' },
  handle: async ({ parts, params: { arn = '' } }) => {
    const answer = (status: 400 | 404, error: string) => ({ status, json: { error, subscription_arn: arn } });
    const [start, , , region = '', account = '', name = '', id = ''] = arnParts(arn);
    if (start !== 'arn' || name === '') return answer(400, 'The provided SubscriptionARN is invalid');
    const subscription = parts.broker.topics.subscriptions.find({ topic: { region, account, name }, id });
    const token = subscription && lastToken(subscription);
    if (token === undefined) return answer(404, 'The provided SubscriptionARN is not found');
    return ok({ subscription_token: token, subscription_arn: arn });
  },
});

export const snsPages: readonly Operation[] = [...messageOperations, ...optOutOperations, tokenOperation];

/** A plus that nobody encoded came as a space, and no telephone number begins with one. */
function parametersOf({ query, named }: AdminCall<Readonly<Record<string, string | undefined>>, undefined>) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, region: named.region }))
    if (value !== undefined) parameters.set(name, value.replace(/^ /, '+'));
  return parameters;
}

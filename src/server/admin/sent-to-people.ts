import * as v from 'valibot';
import { type OutboxEntry, type OutboxFilter, receiverOf } from '../../../protocols/sns/delivery/outbox.ts';
import { createOutboxStorage } from '../../../protocols/sns/delivery/outbox-storage.ts';
import { text } from '../definitions/values.ts';
import { type AdminCall, done, ok, operation } from './operation.ts';

const kinds = ['mail', 'sms', 'push'] as const;

/** What was sent to somebody, as the admin API shows it. */
export interface SentView {
  readonly kind: (typeof kinds)[number];
  /** A mail address, a phone number, the ARN of a device. */
  readonly to: string;
  readonly sentAt: string;
  readonly messageId: string;
  readonly subject: string | null;
  readonly body: string;
}

const query = v.strictObject({
  kind: v.optional(
    v.pipe(v.picklist(kinds, `expected ${kinds.join(', ')}`), v.title('mail, sms or push; all by default')),
  ),
  to: v.optional(text('mail address, phone number, or ARN of a device', 2_048)),
});
type Query = v.InferOutput<typeof query>;

export const sentOperations = [
  operation({
    method: 'GET',
    path: '/outbox',
    summary:
      'what went to people: mails without a mail server, SMS, mobile pushes; of one account or region when named',
    permission: 'admin',
    query,
    answers: { 200: '{sent: [...]}, oldest first' },
    handle: async (call) => {
      const storage = createOutboxStorage(call.parts.broker);
      const sent: SentView[] = [];
      for (const filter of filtersOf(call)) sent.push(...(await storage.list(filter)).map(toView));
      return ok({ sent: sent.toSorted((one, other) => (one.sentAt < other.sentAt ? -1 : 1)) });
    },
  }),
  operation({
    method: 'DELETE',
    path: '/outbox',
    summary: 'forget what went to people',
    permission: 'admin',
    query,
    answers: { 204: 'it is forgotten' },
    handle: async (call) => {
      const storage = createOutboxStorage(call.parts.broker);
      for (const filter of filtersOf(call)) await storage.remove(filter);
      return done;
    },
  }),
];

function filtersOf({ query: { kind, to }, named }: AdminCall<Query, undefined>): readonly OutboxFilter[] {
  const shared = { ...named, ...(to === undefined ? {} : { receiver: to }) };
  return (kind === undefined ? kinds : [kind]).map((one) => ({ kind: one, ...shared }));
}

function toView(entry: OutboxEntry): SentView {
  const { kind, messageId, sentAt } = entry;
  const isMail = entry.kind === 'mail';
  return {
    ...{ kind, to: receiverOf(entry), sentAt: new Date(sentAt).toISOString(), messageId },
    subject: (isMail ? entry.mail.subject : entry.subject) ?? null,
    body: isMail ? entry.mail.text : entry.message,
  };
}

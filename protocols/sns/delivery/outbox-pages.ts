/**
 * The outbox as LocalStack's users read it: `GET` and `DELETE` of `/_aws/sns/sms-messages` and
 * `/_aws/sns/platform-endpoint-messages`, `POST` of `/_aws/sns/phone-opt-outs`. Members and their names are LocalStack's; a
 * member without a value is null.
 */
import { isSelected, type OutboxEntry, type OutboxFilter, receiverOf } from './outbox.ts';

const defaultAccount = '000000000000';
const defaultRegion = 'us-east-1';

type PageKind = 'sms' | 'push';
/** The messages by their receiver, and their region. */
export type OutboxPage = Readonly<Record<string, unknown>>;

const pages = {
  sms: { member: 'sms_messages', parameter: 'phoneNumber' },
  push: { member: 'platform_endpoint_messages', parameter: 'endpointArn' },
} as const;

/** What a query string selects. An endpoint's ARN says account and region by itself. */
export function outboxFilter(kind: PageKind, query: URLSearchParams): OutboxFilter & { readonly region: string } {
  const receiver = query.get(pages[kind].parameter) ?? '';
  const [, , , arnRegion = '', arnAccount = ''] = kind === 'push' ? receiver.split(':') : [];
  return {
    kind,
    account: firstGiven(arnAccount, query.get('accountId'), defaultAccount),
    region: firstGiven(arnRegion, query.get('region'), defaultRegion),
    ...(receiver !== '' && { receiver }),
  };
}

function firstGiven(...texts: readonly (string | null)[]): string {
  return texts.find((text) => text !== null && text !== '') ?? '';
}

/** The answer to GET. A receiver that is asked for stands in it, even without messages. */
export function outboxPage(
  kind: PageKind,
  filter: ReturnType<typeof outboxFilter>,
  entries: readonly OutboxEntry[],
): OutboxPage {
  const messagesByReceiver = new Map<string, unknown[]>(filter.receiver === undefined ? [] : [[filter.receiver, []]]);
  for (const entry of entries) {
    if (!isSelected(entry, filter)) continue;
    const receiver = receiverOf(entry);
    const messages = messagesByReceiver.get(receiver) ?? [];
    messages.push(shown(entry));
    messagesByReceiver.set(receiver, messages);
  }
  return { [pages[kind].member]: Object.fromEntries(messagesByReceiver), region: filter.region };
}

function shown(entry: OutboxEntry): unknown {
  if (entry.kind === 'mail') return null; // Selected by no page.
  const { topicArn, subscriptionArn, messageId, message, messageAttributes, messageStructure, subject } = entry;
  const common = {
    MessageId: messageId,
    // LocalStack writes the text of a message with several as JSON once more.
    Message: messageStructure === 'json' ? JSON.stringify(message) : message,
    MessageAttributes: messageAttributes ?? null,
    MessageStructure: messageStructure ?? null,
    Subject: subject ?? null,
  };
  if (entry.kind === 'push') return { TargetArn: entry.endpointArn, TopicArn: topicArn ?? null, ...common };
  return {
    ...{ PhoneNumber: entry.phoneNumber, TopicArn: topicArn ?? null, SubscriptionArn: subscriptionArn ?? null },
    ...common,
  };
}

/** The answer to GET of the opt-outs, which LocalStack has only as an operation: ours. */
export function phoneOptOutsPage(phoneNumbers: readonly string[], region: string): OutboxPage {
  return { phone_opt_outs: [...phoneNumbers], region };
}

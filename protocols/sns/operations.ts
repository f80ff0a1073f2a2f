import type { Call, Operation } from '../aws/service.ts';
import { xmlDocument } from '../aws/xml.ts';
import { mobileRows } from './operations/mobile.ts';
import { publishRows } from './operations/publish.ts';
import type { Row } from './operations/row.ts';
import { smsRows } from './operations/sms.ts';
import { subscriptionRows } from './operations/subscriptions.ts';
import { topicRows } from './operations/topics.ts';
import { jsonDocument } from './query-json.ts';
import { spellingOf } from './query-spelling.ts';
import type { OperationName } from './shapes.ts';
import type { Sns } from './sns.ts';

const rows: readonly Row[] = [...topicRows, ...subscriptionRows, ...publishRows, ...mobileRows, ...smsRows];

/** What the links of messages ask for, which nobody signs: whoever has the token, or the link, may [sqs-sns 2.4]. */
const openOperations: ReadonlySet<OperationName> = new Set(['ConfirmSubscription', 'Unsubscribe']);

export function createOperations(sns: Sns): readonly Operation[] {
  return rows.map(({ name, handle, hasResult }) => {
    const spelling = spellingOf(name);
    const output = async (call: Call) => (await handle(sns, call)) ?? (hasResult ? {} : undefined);
    return {
      name,
      isOpen: openOperations.has(name),
      serveJson: async (call) => JSON.stringify((await output(call)) ?? {}),
      query: {
        spelling,
        isForRootOnly: false,
        serveXml: async (call, frame) => xmlDocument(frame, await output(call), spelling),
        serveOwnJson: async (call, requestId) => jsonDocument(name, await output(call), requestId),
      },
    };
  });
}

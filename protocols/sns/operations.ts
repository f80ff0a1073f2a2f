import type { QuerySpelling } from '../aws/query-spelling.ts';
import type { Call, Operation } from '../aws/service.ts';
import { xmlDocument } from '../aws/xml.ts';
import { mobileRows } from './operations/mobile.ts';
import { publishRows } from './operations/publish.ts';
import type { Row } from './operations/row.ts';
import { smsRows } from './operations/sms.ts';
import { subscriptionRows } from './operations/subscriptions.ts';
import { topicRows } from './operations/topics.ts';
import type { Sns } from './sns.ts';

const rows: readonly Row[] = [...topicRows, ...subscriptionRows, ...publishRows, ...mobileRows, ...smsRows];

export function createOperations(sns: Sns): readonly Operation[] {
  return rows.map(({ name, handle, hasResult, structures = [] }) => {
    const spelling: QuerySpelling = { inputs, outputs: new Map(), structures: new Set(structures) };
    const output = async (call: Call) => (await handle(sns, call)) ?? (hasResult ? {} : undefined);
    return {
      name,
      serveJson: async (call) => JSON.stringify((await output(call)) ?? {}),
      query: {
        spelling,
        isForRootOnly: false,
        serveXml: async (call, frame) => xmlDocument(frame, await output(call), spelling),
      },
    };
  });
}

/** The one map whose halves have names of their own [SNS API, MessageAttributes]. */
const inputs: QuerySpelling['inputs'] = new Map([
  ['MessageAttributes', { prefixes: ['MessageAttributes.entry', 'MessageAttributes'], key: 'Name', value: 'Value' }],
]);

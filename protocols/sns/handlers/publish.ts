import type { TopicPublishResult } from '../../../src/core/broker.ts';
import { assert } from '../../../src/model/assert.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import { sequenceNumber, toProperty } from '../../aws/mapping.ts';
import type { Call } from '../../aws/service.ts';
import { invalid } from '../errors.ts';
import { baseUrlOf, type Sns, topicOf } from '../sns.ts';

export async function publish(sns: Sns, call: Call) {
  const { members } = call;
  const text = members.text('Message') ?? '';
  if (text === '') throw invalid('Empty message');
  const topic = topicOf(sns, call, members.text('TargetArn') === undefined ? 'TopicArn' : 'TargetArn');
  const subject = members.text('Subject');
  const groupId = members.text('MessageGroupId');
  const dedupId = members.text('MessageDeduplicationId');
  const headers = {
    bodyKind: 'text' as const,
    ...(subject !== undefined && { type: subject }),
    ...(groupId !== undefined && { groupId }),
    ...(dedupId !== undefined && { dedupId }),
    ...(call.traceId !== undefined && { traceHeader: call.traceId }),
  };
  const properties = (members.structureMap('MessageAttributes') ?? []).map(([name, value]) =>
    toProperty({
      name,
      dataType: value.text('DataType') ?? '',
      value: value.text('StringValue') ?? value.bytes('BinaryValue') ?? '',
    }),
  );
  const message = { headers, properties, body: Buffer.from(text) };
  const from = { origin: call, baseUrl: baseUrlOf(sns, call) };
  const [result] = await sns.broker.topics.publish(call.principal, topic, [message], from);
  return answerOf(result);
}

function answerOf(result: TopicPublishResult | undefined) {
  assert(result !== undefined, 'each message has its result');
  if (!result.ok) throw result.error;
  const { id, sequence } = result;
  return { MessageId: uuidText(id), ...(sequence !== undefined && { SequenceNumber: sequenceNumber(sequence) }) };
}

import type { Call, Operation, Payload } from '../aws/service.ts';
import { type XmlFrame, xmlDocument } from '../aws/xml.ts';
import { addPermission } from './handlers/add-permission.ts';
import { cancelMessageMoveTask } from './handlers/cancel-message-move-task.ts';
import { changeMessageVisibility } from './handlers/change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './handlers/change-message-visibility-batch.ts';
import { createQueue } from './handlers/create-queue.ts';
import { deleteMessage } from './handlers/delete-message.ts';
import { deleteMessageBatch } from './handlers/delete-message-batch.ts';
import { deleteQueue } from './handlers/delete-queue.ts';
import { getQueueAttributes } from './handlers/get-queue-attributes.ts';
import { getQueueUrl } from './handlers/get-queue-url.ts';
import { listDeadLetterSourceQueues } from './handlers/list-dead-letter-source-queues.ts';
import { listMessageMoveTasks } from './handlers/list-message-move-tasks.ts';
import { listQueueTags } from './handlers/list-queue-tags.ts';
import { listQueues } from './handlers/list-queues.ts';
import { purgeQueue } from './handlers/purge-queue.ts';
import { receiveMessage } from './handlers/receive-message.ts';
import { removePermission } from './handlers/remove-permission.ts';
import { sendMessage } from './handlers/send-message.ts';
import { sendMessageBatch } from './handlers/send-message-batch.ts';
import { setQueueAttributes } from './handlers/set-queue-attributes.ts';
import { startMessageMoveTask } from './handlers/start-message-move-task.ts';
import { tagQueue } from './handlers/tag-queue.ts';
import { untagQueue } from './handlers/untag-queue.ts';
import { isPeek, peek, peekedJson } from './peek.ts';
import { rootOnly, spellingOf } from './query-spelling.ts';
import { type Received, writeReceived } from './received.ts';
import { writeReceivedXml } from './received-xml.ts';
import { writeSent, writeSentBatch, writeSentXml } from './sent.ts';
import type { OperationName } from './shapes.ts';
import { checkRate, type Sqs } from './sqs.ts';

interface Row {
  readonly name: OperationName;
  serveJson(sqs: Sqs, call: Call): Promise<Payload>;
  serveXml(sqs: Sqs, call: Call, frame: XmlFrame): Promise<Payload>;
  /** See `QueryOperation`. */
  serveOwnJson?(sqs: Sqs, call: Call, requestId: string): Promise<Payload>;
}

/** How the output is written where it is not the structure of the model as it stands. */
interface Writers<Output> {
  readonly json?: (output: Output) => Payload;
  readonly xml?: (output: Output, frame: XmlFrame) => Payload;
}

/** All 23 operations of SQS [sqs-sns 1.18]. */
const rows: readonly Row[] = [
  row('SendMessage', sendMessage, { json: writeSent, xml: writeSentXml }),
  row('SendMessageBatch', sendMessageBatch, { json: writeSentBatch }),
  {
    ...row('ReceiveMessage', receiveOrPeek, { json: writeReceived, xml: writeReceivedXml }),
    serveOwnJson: async (sqs, call, requestId) =>
      isPeek(call) ? peekedJson(await peek(sqs, call), requestId) : undefined,
  },
  row('DeleteMessage', deleteMessage),
  row('DeleteMessageBatch', deleteMessageBatch),
  row('ChangeMessageVisibility', changeMessageVisibility),
  row('ChangeMessageVisibilityBatch', changeMessageVisibilityBatch),
  row('CreateQueue', createQueue),
  row('DeleteQueue', deleteQueue),
  row('GetQueueUrl', getQueueUrl),
  row('ListQueues', listQueues),
  row('GetQueueAttributes', getQueueAttributes),
  row('SetQueueAttributes', setQueueAttributes),
  row('PurgeQueue', purgeQueue),
  row('TagQueue', tagQueue),
  row('UntagQueue', untagQueue),
  row('ListQueueTags', listQueueTags),
  row('ListDeadLetterSourceQueues', listDeadLetterSourceQueues),
  row('AddPermission', addPermission),
  row('RemovePermission', removePermission),
  row('StartMessageMoveTask', startMessageMoveTask),
  row('CancelMessageMoveTask', cancelMessageMoveTask),
  row('ListMessageMoveTasks', listMessageMoveTasks),
];

export function createOperations(sqs: Sqs): readonly Operation[] {
  return rows.map(({ name, serveJson, serveXml, serveOwnJson }) => ({
    name,
    serveJson: (call) => serveJson(sqs, call),
    query: {
      spelling: spellingOf(name),
      isForRootOnly: rootOnly.has(name),
      serveXml: (call, frame) => serveXml(sqs, call, frame),
      ...(serveOwnJson && { serveOwnJson: (call: Call, requestId: string) => serveOwnJson(sqs, call, requestId) }),
    },
  }));
}

/** By the address that was asked. */
function receiveOrPeek(sqs: Sqs, call: Call): Promise<Received> {
  return isPeek(call) ? peek(sqs, call) : receiveMessage(sqs, call);
}

function row<Output extends object | undefined>(
  name: OperationName,
  handle: (sqs: Sqs, call: Call) => Promise<Output>,
  { json = toJson, xml = toXml(name) }: Writers<Output> = {},
): Row {
  return {
    name,
    serveJson: async (sqs, call) => {
      checkRate(sqs, name, call);
      return json(await handle(sqs, call));
    },
    serveXml: async (sqs, call, frame) => {
      checkRate(sqs, name, call);
      return xml(await handle(sqs, call), frame);
    },
  };
}

/** An operation without output has an empty body. */
function toJson(output: object | undefined): Payload {
  return output === undefined ? undefined : JSON.stringify(output);
}

function toXml(name: OperationName): (output: object | undefined, frame: XmlFrame) => Payload {
  const spelling = spellingOf(name);
  return (output, frame) => xmlDocument(frame, output, spelling);
}

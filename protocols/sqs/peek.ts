/**
 * Looking into a queue without a trace, where tools of LocalStack look [sqs-sns 1.19]: `/_aws/sqs/messages?QueueUrl=`, or
 * with region, account and name in the path. What comes is the answer of ReceiveMessage, with a handle that settles
 * nothing; so an SDK whose endpoint is that address peeks as well.
 */
import type { Delivery, EntryState } from '../../storage/store.ts';
import { toReceipt } from '../aws/mapping.ts';
import type { Call, Payload } from '../aws/service.ts';
import { missing } from './errors.ts';
import { ownLimits } from './limits.ts';
import { arnOf } from './names.ts';
import { allSystemNames, everyAttribute } from './receive-names.ts';
import { type Received, writeReceived } from './received.ts';
import { missingQueue, type Sqs } from './sqs.ts';

const page = /^\/_aws\/sqs\/messages(?:\/([^/]+)\/([^/]+)\/([^/]+))?\/?$/;

export function isPeek({ path }: Pick<Call, 'path'>): boolean {
  return path.startsWith('/_aws/') && page.test(path);
}

/** What a request to a URL means that names no action. */
export function actionAt(url: string): string | undefined {
  return isPeek({ path: url.replace(/[?#].*$/s, '') }) ? 'ReceiveMessage' : undefined;
}

export async function peek(sqs: Sqs, call: Call): Promise<Received> {
  const { catalogue } = sqs.broker;
  const address = addressOf(sqs, call);
  const queue = address === undefined ? undefined : catalogue.find(address);
  if (queue === undefined) throw missingQueue(sqs, call, address);
  const isInvisibleShown = isYes(call.members.text('ShowInvisible'));
  const isDelayedShown = isYes(call.members.text('ShowDelayed'));
  const states: EntryState[] = ['waiting'];
  if (isInvisibleShown) states.push('leased');
  if (isDelayedShown) states.push('delayed');
  const { peekMessagesMax, peekBytesMax } = ownLimits;
  const options = { states, entriesMax: peekMessagesMax, bytesMax: peekBytesMax };
  const { entries } = await sqs.broker.browse(call.principal, queue, options);
  const stateOf = new Map<Delivery, EntryState>();
  const deliveries = entries.map(({ state, ...entry }) => {
    const delivery = { ...entry, receipt: toReceipt('SQS/BACKDOOR/ACCESS') };
    stateOf.set(delivery, state);
    return delivery;
  });
  return {
    deliveries,
    besides: (delivery) => {
      const state = stateOf.get(delivery);
      return [
        ...(isInvisibleShown ? [['IsVisible', `${state !== 'leased'}`] as const] : []),
        ...(isDelayedShown ? [['IsDelayed', `${state === 'delayed'}`] as const] : []),
      ];
    },
    wanted: { system: allSystemNames, attributes: everyAttribute },
    kind: queue.kind,
    arnOfQueue: (id) => {
      const found = catalogue.findById(id);
      return found === undefined ? undefined : arnOf(found.address);
    },
  };
}

/**
 * As JSON for who asks by GET and accepts it: LocalStack makes it of its XML, so that a list of one is that one, and
 * of none null.
 */
export function peekedJson(received: Received, requestId: string): Payload {
  const { Messages = [] }: { readonly Messages?: readonly Message[] } = JSON.parse(String(writeReceived(received)));
  const messages = Messages.map(({ Attributes = {}, MessageAttributes, ...message }) => ({
    ...message,
    Attribute: namesAndValues(Attributes),
    ...(MessageAttributes === undefined ? {} : { MessageAttribute: namesAndValues(MessageAttributes) }),
  }));
  const result = messages.length === 0 ? null : { Message: messages.length === 1 ? messages[0] : messages };
  return JSON.stringify({
    ReceiveMessageResponse: { ReceiveMessageResult: result, ResponseMetadata: { RequestId: requestId } },
  });
}

interface Message {
  readonly Attributes?: object;
  readonly MessageAttributes?: object;
}

function namesAndValues(map: object): readonly object[] {
  return Object.entries(map).map(([Name, Value]) => ({ Name, Value }));
}

function addressOf(sqs: Sqs, call: Call) {
  const [, region, account, name] = page.exec(call.path) ?? [];
  if (region !== undefined && account !== undefined && name !== undefined) return { region, account, name };
  const url = call.members.text('QueueUrl') ?? '';
  if (url === '') throw missing('QueueUrl');
  return sqs.urls.address(url, call.namespace);
}

function isYes(text: string | undefined): boolean {
  return text === '1' || text?.toLowerCase() === 'true';
}

/** One behaviour of SQS as data: requests in order, and what is answered. Texts marked (verified) in the reference stand here word for word. */
export interface Case {
  /** A sentence about behaviour. */
  readonly name: string;
  /** Section of the behaviour reference. */
  readonly spec: string;
  /** It is about what JSON alone can say. */
  readonly isForJsonOnly?: boolean;
  readonly steps: readonly Step[];
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Moves the clock. */
export interface Advance {
  readonly advanceMs: number;
}

/** A request by operation and input. `<name>` in any text, there or in what is expected, stands for what was saved as that name. */
export interface Request {
  readonly op: string;
  readonly input: JsonObject;
  /** Part of the output; `<any>` is any text. */
  readonly output?: JsonObject;
  /** The whole output. */
  readonly exactly?: JsonObject;
  /** Keys that the output has not. */
  readonly absent?: readonly string[];
  readonly error?: {
    readonly shape: string;
    readonly code: string;
    readonly status: number;
    /** Left out where the reference has the code alone. */
    readonly message?: string;
  };
  /** Name to path in the output: `Messages.0.ReceiptHandle`. */
  readonly save?: Readonly<Record<string, string>>;
}
type Step = Request | Advance;

export const invalidParameter = (message?: string) =>
  failure('InvalidParameterValueException', 'InvalidParameterValue', message);
export const missingParameter = (message: string) =>
  failure('MissingRequiredParameterException', 'MissingParameter', message);
export const invalidName = (message: string) => failure('InvalidAttributeName', 'InvalidAttributeName', message);
export const invalidAttributeValue = (message?: string) =>
  failure('InvalidAttributeValue', 'InvalidAttributeValue', message);
export const noQueue = failure(
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'The specified queue does not exist.',
);
export const badReceipt = (message: string) =>
  failure('ReceiptHandleIsInvalid', 'ReceiptHandleIsInvalid', message, 404);

export function failure(shape: string, code: string, message?: string, status = 400) {
  return message === undefined ? { shape, code, status } : { shape, code, status, message };
}

/** Makes a queue and saves its URL under its name without `.fifo`. */
export function queue(name: string, attributes: JsonObject = {}): Request {
  const isFifo = name.endsWith('.fifo');
  const all = isFifo ? { FifoQueue: 'true', ...attributes } : attributes;
  return {
    op: 'CreateQueue',
    input: { QueueName: name, Attributes: all },
    save: { [name.replace(/\.fifo$/, '')]: 'QueueUrl' },
  };
}

/** Sends to the queue saved as `to`; on a FIFO queue the group is given and the body is the deduplication id too. */
export function send(to: string, body: string, more: JsonObject = {}): Request {
  return { op: 'SendMessage', input: { QueueUrl: `<${to}>`, MessageBody: body, ...more } };
}
export function sendToGroup(to: string, group: string, body: string, more: JsonObject = {}): Request {
  return send(to, body, { MessageGroupId: group, MessageDeduplicationId: body, ...more });
}

/** Receives and expects these bodies, in this order; their handles are saved under their bodies. */
export function receive(from: string, bodies: readonly string[], more: JsonObject = {}): Request {
  const input = { QueueUrl: `<${from}>`, MaxNumberOfMessages: 10, ...more };
  if (bodies.length === 0) return { op: 'ReceiveMessage', input, exactly: {} };
  const save = Object.fromEntries(bodies.map((body, index) => [body, `Messages.${index}.ReceiptHandle`]));
  return { op: 'ReceiveMessage', input, output: { Messages: bodies.map((Body) => ({ Body })) }, save };
}

export function deleteMessage(from: string, handle: string): Request {
  return { op: 'DeleteMessage', input: { QueueUrl: `<${from}>`, ReceiptHandle: handle }, exactly: {} };
}
export function changeVisibility(of: string, handle: string, seconds: number): Request {
  const input = { QueueUrl: `<${of}>`, ReceiptHandle: handle, VisibilityTimeout: seconds };
  return { op: 'ChangeMessageVisibility', input, exactly: {} };
}
export function counts(of: string, visible: number, notVisible: number, delayed: number): Request {
  return {
    op: 'GetQueueAttributes',
    input: {
      QueueUrl: `<${of}>`,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    },
    exactly: {
      Attributes: {
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(notVisible),
        ApproximateNumberOfMessagesDelayed: String(delayed),
      },
    },
  };
}
export const advance = (seconds: number): Advance => ({ advanceMs: seconds * 1000 });

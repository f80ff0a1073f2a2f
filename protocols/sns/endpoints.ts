/** What may be subscribed, protocol by protocol [sqs-sns 2.3]. */
import { functionOfArn } from '../../src/model/function-arn.ts';
import type { SubscriptionTarget, Topic } from '../../src/model/topic.ts';
import { arnParts } from './arn.ts';
import { isMailAddress } from './delivery/mail.ts';
import { invalid, snsError } from './errors.ts';
import { snsLimits } from './limits.ts';
import { isTopicName } from './names.ts';

/** An endpoint as its subscription keeps it. */
export interface Endpoint {
  readonly text: string;
  readonly target: SubscriptionTarget;
}

interface EndpointProtocol {
  /** True: it gets nothing before whoever reads there has confirmed. */
  readonly asksToConfirm: boolean;
  /** @throws AwsError `InvalidParameter` */
  read(text: string): Endpoint;
}

export type ProtocolName = keyof typeof protocols;

const push: SubscriptionTarget = { type: 'push' };

export const protocols = {
  http: { asksToConfirm: true, read: (text) => urlEndpoint('http:', text) },
  https: { asksToConfirm: true, read: (text) => urlEndpoint('https:', text) },
  email: { asksToConfirm: true, read: mailEndpoint },
  'email-json': { asksToConfirm: true, read: mailEndpoint },
  sms: { asksToConfirm: false, read: phoneEndpoint },
  sqs: { asksToConfirm: false, read: queueEndpoint },
  application: { asksToConfirm: false, read: applicationEndpoint },
  lambda: { asksToConfirm: false, read: functionEndpoint },
} as const satisfies Record<string, EndpointProtocol>;

/** @throws AwsError `InvalidParameter` (verified) */
export function protocolOf(text: string): ProtocolName {
  if (text === 'firehose') {
    throw invalid('Protocol Reason: firehose is not served here', 'subscribe an sqs, https or lambda endpoint instead');
  }
  if (!isProtocol(text)) throw invalid(`Amazon SNS does not support this protocol string: ${text}`);
  return text;
}

function isProtocol(text: string): text is ProtocolName {
  return Object.hasOwn(protocols, text);
}

/** @throws AwsError `InvalidParameter` (verified) */
export function endpointOf(protocol: ProtocolName, text: string, topic: Pick<Topic, 'kind'>): Endpoint {
  if (text.length > snsLimits.endpointCharactersMax) {
    throw invalid(`Endpoint Reason: must be at most ${snsLimits.endpointCharactersMax} characters long`);
  }
  const endpoint = protocols[protocol].read(text);
  if (topic.kind === 'fifo') {
    if (protocol !== 'sqs') throw invalid('Invalid parameter: Endpoint Reason: Please use FIFO SQS queue');
  } else if (endpoint.target.type === 'queue' && endpoint.target.queue.name.endsWith('.fifo')) {
    throw invalid(
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
      'the topic must be a FIFO topic too',
    );
  }
  return endpoint;
}

function urlEndpoint(scheme: 'http:' | 'https:', text: string): Endpoint {
  const url = text.toLowerCase().startsWith(`${scheme}//`) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '') throw invalid('Endpoint must match the specified protocol');
  return { text, target: push };
}

function mailEndpoint(text: string): Endpoint {
  if (!isMailAddress(text)) throw invalid('Email address');
  return { text, target: push };
}

/**
 * E.164 with a separator here and there, which is taken out (verified: `+12/34-567.890` is taken, `+15--551234567`,
 * `+15551234567.` and `/+15551234567` are not).
 */
function phoneEndpoint(text: string): Endpoint {
  const digits = text.replace(/[-./]/g, '');
  const isNumber = /^\+?\d+(?:[-./]\d+)*$/.test(text) && /^\+?[1-9]\d{1,14}$/.test(digits);
  // Without the usual words before it (verified).
  if (!isNumber) throw snsError('InvalidParameterException', `Invalid SMS endpoint: ${text}`);
  return { text: digits.startsWith('+') ? digits : `+${digits}`, target: push };
}

function queueEndpoint(text: string): Endpoint {
  const parts = arnParts(text);
  const [arn, , service, region = '', account = '', name = '', ...rest] = parts;
  const isArn = arn === 'arn' && service === 'sqs' && rest.length === 0;
  if (!isArn || region === '' || account === '' || name === '') {
    throw invalid('SQS endpoint ARN', queueHint(text));
  }
  return { text, target: { type: 'queue', queue: { account, region, name } } };
}

function queueHint(text: string): string | undefined {
  if (/^https?:/.test(text)) return 'it is the ARN of the queue that is wanted, not its URL';
  return isTopicName(text) // Queues are named by the same letters.
    ? `it is the ARN of the queue that is wanted, not its name: arn:aws:sqs:<region>:<account>:${text}`
    : undefined;
}

function applicationEndpoint(text: string): Endpoint {
  const [arn, , service, region = '', account = '', resource = '', ...rest] = arnParts(text);
  const isArn = arn === 'arn' && service === 'sns' && rest.length === 0 && region !== '' && account !== '';
  if (!isArn || !/^endpoint\/[^/]+\/[^/]+\/[^/]+$/.test(resource)) throw invalid('ApplicationEndpoint ARN');
  return { text, target: push };
}

function functionEndpoint(text: string): Endpoint {
  if (functionOfArn(text) === undefined) throw invalid('Lambda endpoint ARN');
  return { text, target: push };
}

/** Of a subscription as it is kept. */
export function protocolAsksToConfirm(text: string): boolean {
  return isProtocol(text) && protocols[text].asksToConfirm;
}

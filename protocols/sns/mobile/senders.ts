/** To telephones and devices: what they are told is chosen, who must not be told is left out, and a provider sends the rest. */
import type { Broker } from '../../../src/core/broker.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Property } from '../../../src/model/message.ts';
import type { Namespace } from '../../../src/model/queue.ts';
import { fromProperty } from '../../aws/mapping.ts';
import type { Provider } from '../delivery/outbox.ts';
import { isOptedOut } from '../sms/opt-outs.ts';
import { applicationKey, applicationsOf } from './applications.ts';
import { findEndpoint } from './endpoints.ts';
import { type EndpointAddress, endpointArn } from './platform-arn.ts';

/** What is sent, whether it was published to a topic or straight to its receiver. */
export interface MobileMessage {
  readonly messageId: string;
  readonly topicArn?: string | undefined;
  readonly subscriptionArn?: string | undefined;
  readonly text: string;
  /** By what each is for: `default`, `sms`, `GCM`; undefined: all get `text`. */
  readonly texts: ReadonlyMap<string, string> | undefined;
  readonly subject: string | undefined;
  readonly properties: readonly Property[];
}

export interface MobileSenders {
  /** @param namespace of whoever sends. A telephone that is opted out is told nothing, and no try will change that */
  toPhone(namespace: Namespace, phoneNumber: string, message: MobileMessage): Promise<PushOutcome>;
  toEndpoint(endpoint: EndpointAddress, message: MobileMessage): Promise<PushOutcome>;
  /** Why nothing can be sent to it now; undefined: something can. */
  obstacleTo(endpoint: EndpointAddress): EndpointObstacle | undefined;
}
type EndpointObstacle = 'missing' | 'endpoint-disabled' | 'application-disabled';

const reasons: Readonly<Record<EndpointObstacle, string>> = {
  missing: 'the endpoint does not exist',
  'endpoint-disabled': 'the endpoint is disabled',
  'application-disabled': 'the platform application is disabled',
};
/** Two names of one service. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['GCM', 'FCM'],
  ['FCM', 'GCM'],
]);

export function createMobileSenders({
  broker,
  provider,
}: {
  readonly broker: Broker;
  readonly provider: Provider;
}): MobileSenders {
  function obstacleTo(endpoint: EndpointAddress): EndpointObstacle | undefined {
    const found = findEndpoint(broker, endpoint);
    if (found === undefined) return 'missing';
    const application = applicationsOf(broker).get(applicationKey(endpoint.application));
    if (application?.attributes.Enabled === 'false') return 'application-disabled';
    return found.attributes.Enabled === 'false' ? 'endpoint-disabled' : undefined;
  }

  return {
    async toPhone({ account, region }, phoneNumber, message) {
      if (isOptedOut(broker, account, phoneNumber)) return { type: 'failed', reason: 'the phone number is opted out' };
      const text = textFor(message, 'sms');
      return await provider.send({ kind: 'sms', account, region, phoneNumber, ...contentOf(message, text) });
    },
    async toEndpoint(endpoint, message) {
      const obstacle = obstacleTo(endpoint);
      if (obstacle !== undefined) return { type: 'failed', reason: reasons[obstacle] };
      const { account, region, platform } = endpoint.application;
      const text = textFor(message, platform);
      const to = { account, region, endpointArn: endpointArn(endpoint) };
      return await provider.send({ kind: 'push', ...to, ...contentOf(message, text) });
    },
    obstacleTo,
  };
}

/** @param receiver `sms`, or a platform */
function textFor({ text, texts }: MobileMessage, receiver: string): string {
  return ownText(texts, receiver) ?? texts?.get('default') ?? text;
}

/** Of several that a message has, the one for this receiver. */
export function ownText(texts: ReadonlyMap<string, string> | undefined, receiver: string): string | undefined {
  return texts?.get(receiver) ?? texts?.get(otherNames.get(receiver) ?? receiver);
}

function contentOf({ messageId, topicArn, subscriptionArn, texts, subject, properties }: MobileMessage, text: string) {
  return {
    messageId,
    ...(topicArn !== undefined && { topicArn }),
    ...(subscriptionArn !== undefined && { subscriptionArn }),
    message: text,
    ...(subject !== undefined && { subject }),
    ...(texts !== undefined && { messageStructure: 'json' }),
    ...(properties.length > 0 && { messageAttributes: attributesOf(properties) }),
  };
}

/** As they were published, `AWS.SNS.SMS.*` and `AWS.SNS.MOBILE.*` among them. */
function attributesOf(properties: readonly Property[]) {
  return Object.fromEntries(
    properties.map((property) => {
      const { name, dataType, value } = fromProperty(property);
      const isText = typeof value === 'string';
      return [
        name,
        isText
          ? { DataType: dataType, StringValue: value }
          : { DataType: dataType, BinaryValue: Buffer.from(value).toString('base64') },
      ];
    }),
  );
}

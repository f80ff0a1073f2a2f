import type { Property } from '../../src/model/message.ts';
import type { Call } from '../aws/service.ts';
import { arnParts } from './arn.ts';

/** What is published to no topic. */
export interface DirectMessage {
  readonly text: string;
  /** By what each is for: `default`, `sms`, `GCM`; undefined: all get `text`. */
  readonly texts: ReadonlyMap<string, string> | undefined;
  readonly subject: string | undefined;
  readonly properties: readonly Property[];
}

/** Who takes what is published to a telephone or to one device. Both answer with the message's id, a uuid. */
export interface Destinations {
  /** @param phoneNumber E.164 */
  toPhone(call: Call, phoneNumber: string, message: DirectMessage): Promise<string>;
  /**
   * @param read the message, looked at when the endpoint has been (verified); throws AwsError
   * @throws AwsError `InvalidParameter` when there is no such endpoint, `EndpointDisabled`
   */
  toEndpoint(call: Call, endpointArn: string, read: () => DirectMessage): Promise<string>;
}

export function isEndpointArn(arn: string): boolean {
  return arnParts(arn)[5]?.startsWith('endpoint/') === true;
}

/** [E.164]: a plus, then at most 15 digits, the first not 0. */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9]\d{1,14}$/.test(text);
}

import type { DocumentKind } from '../../../src/core/broker.ts';
import type { Namespace } from '../../../src/model/queue.ts';
import type { AwsError } from '../../aws/errors.ts';
import { snsError } from '../errors.ts';
import type { Sns } from '../sns.ts';
import { smsLimits } from './limits.ts';

type Attributes = Readonly<Record<string, string>>;

const attributesKind: DocumentKind<{ readonly attributes: Attributes }> = {
  name: 'sns-sms-attributes',
  read: (fields) => ({ attributes: fields.texts('attributes') }),
};
const defaults: Attributes = { MonthlySpendLimit: '1' };

/** What a value must be, and AWS's text for one that is not so [sqs-sns 2.14]. */
const rules: ReadonlyMap<string, (value: string) => string | undefined> = new Map([
  ['MonthlySpendLimit', (value) => (/^\d{1,9}$/.test(value) ? undefined : 'MonthlySpendLimit is invalid')],
  ['DeliveryStatusIAMRole', anyText('DeliveryStatusIAMRole')],
  [
    'DeliveryStatusSuccessSamplingRate',
    (value) => (/^(\d{1,2}|100)$/.test(value) ? undefined : 'DeliveryStatusSuccessSamplingRate is invalid'),
  ],
  // The name in the text is AWS's (verified).
  [
    'DefaultSenderID',
    (value) =>
      value === '' || (/^[A-Za-z0-9]{1,11}$/.test(value) && /[A-Za-z]/.test(value))
        ? undefined
        : 'DefaultSendID is not a valid attribute',
  ],
  [
    'DefaultSMSType',
    (value) => (value === 'Promotional' || value === 'Transactional' ? undefined : 'DefaultSMSType is invalid'),
  ],
  ['UsageReportS3Bucket', anyText('UsageReportS3Bucket')],
]);

function anyText(name: string): (value: string) => string | undefined {
  return (value) => (value.length <= smsLimits.attributeCharactersMax ? undefined : `${name} is invalid`);
}

/** @throws AwsError `InvalidParameter` (verified) */
export function checkSmsAttributes(given: readonly (readonly [string, string])[]): void {
  for (const [name, value] of given) {
    const rule = rules.get(name);
    const wrong = rule === undefined ? `${name} is not a valid attribute` : rule(value);
    if (wrong !== undefined) throw wrongAttribute(wrong);
  }
}

function wrongAttribute(message: string): AwsError {
  return snsError('InvalidParameterException', message);
}

export function smsAttributesOf({ broker }: Sns, namespace: Namespace): Attributes {
  return { ...defaults, ...broker.documents(attributesKind).get(keyOf(namespace))?.attributes };
}

export async function setSmsAttributesOf({ broker }: Sns, namespace: Namespace, changes: Attributes): Promise<void> {
  await broker.documents(attributesKind).change(keyOf(namespace), (before) => ({
    attributes: { ...before?.attributes, ...changes },
  }));
}

function keyOf({ account, region }: Namespace): string {
  return `${account}/${region}`;
}

import type { Call } from '../../aws/service.ts';
import { dataProtectionKey, readDataProtection } from '../data-protection.ts';
import { mustNotBeNull } from '../errors.ts';
import { type Sns, topicOf } from '../sns.ts';
import { inOurWords, withExtras } from '../topic-change.ts';

export async function putDataProtectionPolicy(sns: Sns, call: Call): Promise<undefined> {
  const { address } = topicOf(sns, call, 'ResourceArn');
  const text = call.members.text('DataProtectionPolicy');
  if (text === undefined) throw mustNotBeNull('dataProtectionPolicy');
  const policy = inOurWords(() => readDataProtection(text));
  await sns.broker.topics.catalogue.alter(call.principal, address, ({ extras }) => ({
    extras: withExtras(extras, { [dataProtectionKey]: policy }),
  }));
}

import type { Call } from '../../aws/service.ts';
import { dataProtectionKey } from '../data-protection.ts';
import { browsedTopic, type Sns } from '../sns.ts';

export async function getDataProtectionPolicy(sns: Sns, call: Call) {
  return { DataProtectionPolicy: browsedTopic(sns, call, 'ResourceArn').extras[dataProtectionKey] };
}

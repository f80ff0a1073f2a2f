import type { Call } from '../../aws/service.ts';
import { applicationAddressOf, findApplication } from '../mobile/applications.ts';
import type { Sns } from '../sns.ts';

export async function getPlatformApplicationAttributes(sns: Sns, call: Call) {
  return { Attributes: findApplication(sns, applicationAddressOf(sns, call)).attributes };
}

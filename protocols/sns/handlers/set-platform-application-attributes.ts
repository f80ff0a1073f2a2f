import type { Call } from '../../aws/service.ts';
import { readApplicationAttributes, requireAttributes } from '../mobile/application-attributes.ts';
import {
  applicationAddressOf,
  applicationDoesNotExist,
  applicationKey,
  applicationsOf,
  findApplication,
} from '../mobile/applications.ts';
import type { Sns } from '../sns.ts';

/** The ARN first, then that there are attributes, then the application: a lone credential for none is NotFound (verified). */
export async function setPlatformApplicationAttributes(sns: Sns, call: Call): Promise<undefined> {
  const address = applicationAddressOf(sns, call);
  const given = requireAttributes(call.members.textMap('Attributes'));
  findApplication(sns, address);
  const attributes = readApplicationAttributes(new Map(given));
  await applicationsOf(sns.broker).change(applicationKey(address), (before) => {
    if (before === undefined) throw applicationDoesNotExist();
    return { id: before.id, attributes: { ...before.attributes, ...attributes } };
  });
}

import type { Call } from '../../aws/service.ts';
import { documentPageOf } from '../document-pages.ts';
import { snsLimits } from '../limits.ts';
import { applicationsOf } from '../mobile/applications.ts';
import { applicationArn } from '../mobile/platform-arn.ts';
import { requireAccountAct } from '../sms/account-act.ts';
import type { Sns } from '../sns.ts';

export async function listPlatformApplications(sns: Sns, call: Call) {
  const { members, namespace } = call;
  requireAccountAct(sns, call);
  const prefix = `${namespace.account}/${namespace.region}/`;
  const page = { prefix, token: members.text('NextToken'), parameter: 'NextToken', max: snsLimits.listPageMax };
  const { items, next } = documentPageOf(applicationsOf(sns.broker).list, page);
  return {
    PlatformApplications: items.map(({ key, value: { attributes } }) => {
      const [platform = '', name = ''] = key.slice(prefix.length).split('/');
      return { PlatformApplicationArn: applicationArn({ ...namespace, platform, name }), Attributes: attributes };
    }),
    NextToken: next,
  };
}

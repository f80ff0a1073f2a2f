import type { Call } from '../../aws/service.ts';
import { invalid, mustNotBeNull } from '../errors.ts';
import { snsLimits } from '../limits.ts';
import { required, type Sns, topicOf } from '../sns.ts';
import { inOurWords } from '../topic-change.ts';
import { grantableActions, outOfScope, withPermission } from '../topic-policy.ts';

const accountPattern = /^\d{12}$/;
const labelPattern = /^[A-Za-z0-9_-]+$/;
const grantable: ReadonlySet<string> = new Set(grantableActions);

/** Adds a statement to the topic's Policy [sqs-sns 2.2]. */
export async function addPermission(sns: Sns, call: Call): Promise<undefined> {
  const { address } = topicOf(sns, call);
  const permission = { label: readLabel(call), accounts: readAccounts(call), actions: readActions(call) };
  await sns.broker.topics.catalogue.alter(call.principal, address, (topic) => ({
    attributes: { policy: inOurWords(() => withPermission(topic, permission)) },
  }));
}

function readLabel(call: Call): string {
  const label = required(call, 'Label');
  if (label.length <= snsLimits.permissionLabelCharactersMax && labelPattern.test(label)) return label;
  throw invalid('Label');
}

function readAccounts(call: Call): readonly string[] {
  const accounts = call.members.texts('AWSAccountId') ?? [];
  if (accounts.length === 0) throw mustNotBeNull('aWSAccountId');
  if (!accounts.every((account) => accountPattern.test(account))) throw invalid('AWSAccountId');
  return accounts;
}

function readActions(call: Call): readonly string[] {
  const actions = call.members.texts('ActionName') ?? [];
  if (actions.length === 0) throw mustNotBeNull('actionName');
  if (!actions.every((action) => grantable.has(action))) throw invalid(outOfScope);
  return actions;
}

import { GantryError } from '../../../src/model/errors.ts';
import type { Subscription } from '../../../src/model/topic.ts';
import type { Call } from '../../aws/service.ts';
import { invalid, notFound } from '../errors.ts';
import { applyReplayPolicy } from '../replay-policy.ts';
import type { Sns } from '../sns.ts';
import { subscriptionOf } from '../subscription-arn.ts';
import { requireRoomForFilter } from '../subscription-quotas.ts';
import { withSetting } from '../subscription-settings.ts';

export async function setSubscriptionAttributes(sns: Sns, call: Call): Promise<undefined> {
  const { broker, filterOptions } = sns;
  const { address } = subscriptionOf(sns, call);
  // Before a word about the value, which the subscription as it is has its part in.
  broker.topics.requireAllowed(call.principal, 'subscribe', address.topic);
  const name = call.members.text('AttributeName') ?? '';
  if (name === '') throw invalid('AttributeName Reason: no value for required parameter');
  const value = call.members.text('AttributeValue') ?? '';
  try {
    await broker.topics.subscriptions.alter(call.principal, address, change, 'subscribe');
    if (name === 'ReplayPolicy') await applyReplayPolicy(broker, call.principal, address, value);
  } catch (error) {
    if (!(error instanceof GantryError && error.code === 'not-found')) throw error;
    throw notFound('Subscription does not exist');
  }

  function change(before: Subscription) {
    const topic = broker.topics.catalogue.find(address.topic);
    // Of a topic that is no more, its name tells the kind.
    const kind = topic?.kind ?? (address.topic.name.endsWith('.fifo') ? 'fifo' : 'standard');
    const { isRaw, filter, deadLetter, extras } = before;
    const { target, protocol } = before;
    const hasArchive = topic?.attributes.archiveMs !== undefined;
    const context = { topic: { kind }, hasArchive, target, protocol, filterOptions } as const;
    const after = withSetting({ isRaw, filter, deadLetter, extras }, [name, value], context);
    if (topic !== undefined) requireRoomForFilter(sns, topic, filter, after.filter);
    return after;
  }
}

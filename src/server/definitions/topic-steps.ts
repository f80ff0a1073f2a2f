/** What makes topics and subscriptions as a plan says. */
import { AwsError } from '../../../protocols/aws/errors.ts';
import { subscribeEndpoint } from '../../../protocols/sns/handlers/subscribe.ts';
import type { Sns } from '../../../protocols/sns/sns.ts';
import { requireRoomForFilter } from '../../../protocols/sns/subscription-quotas.ts';
import { GantryError } from '../../model/errors.ts';
import type { Subscription, Topic } from '../../model/topic.ts';
import { addressWords } from './addresses.ts';
import { isSameJson } from './changes.ts';
import type { DefinitionsContext, Step } from './kind.ts';
import { withExtras } from './queue-model.ts';
import { settledOver, type WantedSubscription } from './subscription-model.ts';
import { noTopicExtras } from './topic-model.ts';
import {
  type SubscriptionStep,
  subscriptionStepText,
  subscriptionWords,
  type TopicStep,
  topicStepText,
} from './topic-plan.ts';
import { unless } from './unless.ts';

/** After queues, so that who is subscribed is there, and before users, after whom it may be another who asks. */
const topicTurns = { create: 3, alter: 3, drop: 5 } as const;
const subscriptionTurns = { create: 4, alter: 4, drop: 5 } as const;
const rightFor = { create: 'create', alter: 'manage', drop: 'manage' } as const;

const nothing = async (): Promise<void> => undefined;

/** @param archived messages in the topic's archive */
export function toTopicStep({ broker, principal }: DefinitionsContext, step: TopicStep, archived: number): Step {
  const { topic } = step;
  const { address } = topic;
  const { catalogue } = broker.topics;
  const create = async (): Promise<void> => void (await catalogue.create(principal, topic));
  const alter = async (): Promise<void> =>
    void (await catalogue.alter(principal, address, (before) => ({
      // Its own spelling stays where it says the same.
      attributes: {
        ...topic.attributes,
        ...(isSameJson(before.attributes.policy, topic.attributes.policy) ? { policy: before.attributes.policy } : {}),
        // Of one that was made meanwhile no plan said that its archive ends.
        ...(step.do === 'create' ? { archiveMs: topic.attributes.archiveMs ?? before.attributes.archiveMs } : {}),
      },
      ...{ extras: withExtras(before.extras, { ...noTopicExtras, ...topic.extras }), tags: topic.tags },
    })));
  const actions = {
    create: () => unless('already-exists', create, alter),
    alter: () => unless('not-found', alter, create),
    drop: () => unless('not-found', () => catalogue.drop(principal, address), nothing),
  };
  return {
    ...{ do: step.do, kind: 'topic', name: addressWords(address), text: topicStepText(step, archived) },
    ...(losesMessages(step, archived) ? { isLossy: true } : {}),
    turn: topicTurns[step.do],
    requireAllowed: () => broker.topics.requireAllowed(principal, rightFor[step.do], address),
    run: actions[step.do],
  };
}

function losesMessages(step: TopicStep, archived: number): boolean {
  return step.do === 'alter' && archived > 0 && (step.archive === 'ended' || step.archive === 'shortened');
}

export function toSubscriptionStep(context: DefinitionsContext, step: SubscriptionStep): Step {
  const { broker, principal } = context;
  const { subscriptions } = broker.topics;
  return {
    ...{ do: step.do, kind: 'subscription', name: subscriptionWords(step), text: subscriptionStepText(step) },
    turn: subscriptionTurns[step.do],
    requireAllowed: () => broker.topics.requireAllowed(principal, 'subscribe', step.topic),
    run: () => {
      if (step.do === 'create') return subscribe(step.wanted);
      const { address } = step.current;
      if (step.do === 'drop')
        return unless('not-found', () => subscriptions.drop(principal, address, 'subscribe'), nothing);
      const { wanted } = step;
      const alter = async (): Promise<void> =>
        void (await subscriptions.alter(
          principal,
          address,
          (before) => settledWithRoom(context.sns, before, wanted),
          'subscribe',
        ));
      return unless('not-found', alter, () => subscribe(wanted));
    },
  };

  async function subscribe(wanted: WantedSubscription): Promise<void> {
    const topic = broker.topics.catalogue.find(step.topic);
    if (topic === undefined) {
      const { name } = step.topic;
      throw new GantryError('not-found', `topic "${name}" was dropped meanwhile`, { resource: name });
    }
    await subscribeWanted(context, topic, wanted);
  }
}

/** As SNS's Subscribe. @throws GantryError */
export async function subscribeWanted(
  { sns, principal, baseUrl }: Pick<DefinitionsContext, 'sns' | 'principal' | 'baseUrl'>,
  topic: Topic,
  wanted: WantedSubscription,
) {
  try {
    return await subscribeEndpoint(sns, { principal, baseUrl }, { topic, ...wanted, given: new Map() });
  } catch (error) {
    throw limitOf(error, topic.address.name);
  }
}

/** @throws GantryError `limit-exceeded` where its filter would be too much */
export function settledWithRoom(sns: Sns, before: Subscription, wanted: WantedSubscription) {
  const after = settledOver(before, wanted);
  const { address } = before;
  const topic = sns.broker.topics.catalogue.find(address.topic);
  try {
    if (topic !== undefined) requireRoomForFilter(sns, topic, before.filter, after.filter);
  } catch (error) {
    throw limitOf(error, address.topic.name);
  }
  return after;
}

function limitOf(error: unknown, resource: string): unknown {
  if (!(error instanceof AwsError)) return error;
  return new GantryError('limit-exceeded', error.message, { resource, cause: error });
}

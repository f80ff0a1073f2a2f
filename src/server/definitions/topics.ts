import { setImmediate } from 'node:timers/promises';
import { isTopicName } from '../../../protocols/sns/names.ts';
import { arnOf, parseArn } from '../../../protocols/sqs/names.ts';
import type { QueueAddress } from '../../model/queue.ts';
import type { Subscription, Topic, TopicAddress } from '../../model/topic.ts';
import type { SchemaProblem } from '../schema-problem.ts';
import { addressIn, addressText, addressWords, inOrder, isInScope, shownAddress } from './addresses.ts';
import { eachInSlices, judgeItems, problemAt } from './judge.ts';
import type { DefinitionKind, DefinitionsContext, PlanKindOptions, Step } from './kind.ts';
import type { ShownSettings } from './queue-model.ts';
import type { SubscriptionDefinition } from './subscription-definition.ts';
import { endpointIdentity, isNameable, judgeSubscription, shownSubscription } from './subscription-model.ts';
import { type TopicDefinition, topicDefinitionSchema } from './topic-definition.ts';
import { type DescribedTopic, shownTopicSettings, topicProblem } from './topic-model.ts';
import { type SubscriptionStep, subscriptionStep, type TopicStep, topicStep, wantedTopic } from './topic-plan.ts';
import { toSubscriptionStep, toTopicStep } from './topic-steps.ts';

const key = 'topics';
const talliesMax = 1_000;
const pageMax = 500;

export const topicsKind: DefinitionKind = {
  key,
  schema: topicDefinitionSchema,
  foreignKeys: ['policy', 'filter', 'deliveryPolicy'],
  placeholders: {},
  judge: async (items) => {
    const definitions = await judgeItems(key, topicDefinitionSchema, items);
    return { plan: (context, options) => planTopics(definitions, context, options) };
  },
  async *export(context, prefix) {
    for (const topic of seenTopics(context, prefix)) {
      const subscriptions: unknown[] = [];
      await eachInSlices([...(await byEndpoint(context, topic)).values()], (one) => {
        subscriptions.push(exportedSubscription(context, one));
      });
      yield { ...shownAddress(topic.address, context.namespace), ...shownTopicSettings(topic), subscriptions };
    }
  },
};

async function planTopics(
  definitions: readonly TopicDefinition[],
  context: DefinitionsContext,
  options: PlanKindOptions,
): Promise<readonly Step[]> {
  const { catalogue, requireAllowed } = context.broker.topics;
  const steps: Step[] = [];
  const planned: { readonly step: TopicStep; readonly current: Topic | undefined }[] = [];
  const firstByText = new Map<string, number>();
  await eachInSlices(definitions, async (definition, at) => {
    const address = addressIn(context.namespace, definition);
    const text = addressText(address);
    const first = firstByText.get(text);
    if (first !== undefined) {
      const message = `topic "${addressWords(address)}" is defined twice, first at ${key}[${first}]`;
      throw problemAt([key, at], { path: ['name'], message });
    }
    firstByText.set(text, at);
    const { subscriptions: _, name, account: _account, region: _region, tags: _tags, ...settings } = definition;
    const problem = topicProblem(name, settings);
    if (problem !== undefined) throw problemAt([key, at], inTopic(address, problem));
    requireAllowed(context.principal, 'browse', address);
    const current = catalogue.find(address);
    // What is archived cannot be had back: a file that does not speak of it does not mean to drop it.
    const kept = definition.archive === undefined && !options.isPruning ? current?.attributes.archiveMs : undefined;
    const topic = wantedTopic(definition, context.namespace, { archiveMs: kept });
    const step = topicStep(topic, current, kept !== undefined);
    if (step !== undefined) planned.push({ step, current });
    for (const one of await planSubscriptions(context, options, { definition, topic, current, at }))
      steps.push(toSubscriptionStep(context, one));
  });
  const gone = options.isPruning
    ? seenTopics(context, '').filter(({ address }) => !firstByText.has(addressText(address)))
    : [];
  await eachInSlices(gone, (topic) => {
    const { pending, confirmed } = context.broker.topics.subscriptions.countsOf(topic);
    planned.push({ step: { do: 'drop', topic, subscriptions: pending + confirmed }, current: topic });
  });
  return [...(await counted(context, planned)), ...steps];
}

/** With what each loses, which the store is asked many at a time. */
async function counted(
  context: DefinitionsContext,
  planned: readonly { readonly step: TopicStep; readonly current: Topic | undefined }[],
): Promise<readonly Step[]> {
  const losing = planned.flatMap(({ current }) => (current?.attributes.archiveMs === undefined ? [] : [current]));
  const archivedById = new Map<string, number>();
  for (let at = 0; at < losing.length; at += talliesMax) {
    const slice = losing.slice(at, at + talliesMax);
    const counts = await context.broker.topics.catalogue.archived(slice);
    for (const [more, { id }] of slice.entries()) archivedById.set(id, counts[more] ?? 0);
  }
  return planned.map(({ step, current }) => toTopicStep(context, step, archivedById.get(current?.id ?? '') ?? 0));
}

interface PlannedTopic {
  readonly definition: TopicDefinition;
  readonly topic: DescribedTopic;
  readonly current: Topic | undefined;
  /** In the list of definitions. */
  readonly at: number;
}

async function planSubscriptions(
  context: DefinitionsContext,
  { isPruning, hasQueue }: PlanKindOptions,
  { definition, topic, current, at }: PlannedTopic,
): Promise<readonly SubscriptionStep[]> {
  // Where a topic has no list, others say who subscribes to it.
  if (definition.subscriptions === undefined) return [];
  const { address } = topic;
  const there = current === undefined ? new Map<string, Subscription>() : await byEndpoint(context, current);
  const firstByEndpoint = new Map<string, number>();
  const steps: SubscriptionStep[] = [];
  await eachInSlices(definition.subscriptions, (subscription, index) => {
    const place = [key, at, 'subscriptions', index];
    const judged = judgeSubscription(topic, subscription, context.sns.filterOptions);
    if ('problem' in judged) throw problemAt(place, inTopic(address, judged.problem));
    const { wanted } = judged;
    const identity = endpointIdentity(wanted.protocol, wanted.endpoint);
    const first = firstByEndpoint.get(identity);
    if (first !== undefined) {
      const message = `it is subscribed twice, first at ${key}[${at}].subscriptions[${first}]`;
      throw problemAt(place, inTopic(address, { path: [], message }));
    }
    firstByEndpoint.set(identity, index);
    const step = subscriptionStep(address, wanted, there.get(identity));
    if (step === undefined) return;
    const missing = missingQueue(subscription, step);
    if (missing === undefined) steps.push(step);
    else if (missing.isMistake) throw problemAt(place, inTopic(address, missing));
    else steps.push({ ...step, remark: missing.message });
  });
  if (isPruning)
    for (const [identity, one] of there)
      if (!firstByEndpoint.has(identity)) steps.push({ do: 'drop', topic: address, current: one });
  return steps;

  /**
   * It tells of another queue: whoever may not see that learns nothing. A name that is of no queue is misspelt; of an ARN, as of
   * SNS's own, the queue need not be there (an export has it so where it is gone).
   */
  function missingQueue(
    subscription: SubscriptionDefinition,
    step: SubscriptionStep,
  ): (SchemaProblem & { readonly isMistake: boolean }) | undefined {
    if (step.do === 'drop') return undefined;
    const { endpoint, settings } = step.wanted;
    const target = endpoint.target.type === 'queue' ? endpoint.target.queue : undefined;
    const missing = [['queue', target] as const, ['deadLetter', settings.deadLetter] as const].flatMap(
      ([name, queue]) => {
        if (queue === undefined || hasQueue(queue) || !context.broker.mayBrowse(context.principal, queue)) return [];
        const written = subscription[name] ?? queue.name;
        const message = `${name === 'queue' ? 'queue' : 'its dead-letter queue'} "${written}" does not exist`;
        return [{ path: [name], message, isMistake: parseArn(written) === undefined }];
      },
    );
    return missing.find(({ isMistake }) => isMistake) ?? missing[0];
  }
}

/** A queue that is gone by its ARN: so the export can be imported where it never was. */
function exportedSubscription({ broker, principal }: DefinitionsContext, subscription: Subscription): ShownSettings {
  const { target, deadLetter } = subscription;
  const isGone = (queue: QueueAddress): boolean =>
    broker.catalogue.find(queue) === undefined && broker.mayBrowse(principal, queue);
  return {
    ...shownSubscription(subscription),
    ...(target.type === 'queue' && isGone(target.queue) ? { queue: arnOf(target.queue) } : {}),
    ...(deadLetter !== undefined && isGone(deadLetter) ? { deadLetter: arnOf(deadLetter) } : {}),
  };
}

/**
 * One for each endpoint, the confirmed one where two raced; those that ended are none. Page by page, for a topic may have any
 * number of them.
 */
async function byEndpoint({ broker }: DefinitionsContext, topic: Topic): Promise<Map<string, Subscription>> {
  const found = new Map<string, Subscription>();
  let after: string | undefined;
  for (;;) {
    const page = broker.topics.subscriptions.ofTopic(topic, after, pageMax);
    for (const one of page) {
      if (one.state === 'ended' || !isNameable(one)) continue;
      const identity = endpointIdentity(one.protocol, { text: one.endpoint, target: one.target });
      if (found.get(identity)?.state !== 'confirmed') found.set(identity, one);
    }
    if (page.length < pageMax) return found;
    after = page.at(-1)?.address.id;
    await setImmediate();
  }
}

/** Those that the asker may see. */
function seenTopics({ broker, access, principal, scope }: DefinitionsContext, prefix: string): readonly Topic[] {
  const isSeen = ({ address }: Topic): boolean =>
    isInScope(scope, address) &&
    address.name.startsWith(prefix) &&
    isTopicName(address.name) &&
    access.authorize(principal, 'browse', { type: 'topic', ...address }) === undefined;
  return inOrder([...broker.topics.catalogue.all()].filter(isSeen));
}

function inTopic({ name }: TopicAddress, { path, message }: SchemaProblem): SchemaProblem {
  return { path, message: `topic "${name}": ${message}` };
}

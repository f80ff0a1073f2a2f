import { GantryError } from '../../model/errors.ts';
import type { Action } from '../../model/principal.ts';
import type { Subscription, Topic, TopicAddress } from '../../model/topic.ts';
import { didYouMean } from '../closest.ts';
import type { AdminCall } from './operation.ts';

const hintNamesMax = 2_000;
const hintsMax = 20;

export function topicAddress({ namespace, params }: AdminCall<unknown, unknown>): TopicAddress {
  return { ...namespace, name: params.topic ?? '' };
}

export function maySeeTopic({ parts, principal }: AdminCall<unknown, unknown>, address: TopicAddress): boolean {
  return parts.access.authorize(principal, 'browse', { type: 'topic', ...address }) === undefined;
}

/**
 * The topic of the path, which the asker may do this with.
 * @param action who may not do it learns not even that there is no such topic
 * @throws GantryError `access-denied`; `not-found`, with a hint at a name like it that the asker may see
 */
export function topicOf(call: AdminCall<unknown, unknown>, action: Action): Topic {
  const { topics } = call.parts.broker;
  const address = topicAddress(call);
  topics.requireAllowed(call.principal, action, address);
  const topic = topics.catalogue.find(address);
  if (topic !== undefined) return topic;
  const names = topics.catalogue
    .list(call.namespace, undefined, hintNamesMax)
    .map((one) => one.address.name)
    .filter((name) => didYouMean(address.name, [name]) !== '');
  const seen = names.slice(0, hintsMax).filter((name) => maySeeTopic(call, { ...address, name }));
  const fifo = { ...address, name: `${address.name}.fifo` };
  const isFifoMeant = topics.catalogue.find(fifo) !== undefined && maySeeTopic(call, fifo);
  const meant = isFifoMeant ? `; did you mean "${fifo.name}"?` : didYouMean(address.name, seen);
  const text = `topic "${address.name}" does not exist in ${address.region}${meant}`;
  throw new GantryError('not-found', text, { resource: address.name });
}

/** The subscription of the path; one that ended is none. @throws GantryError as of `topicOf` */
export function subscriptionOf(call: AdminCall<unknown, unknown>, action: Action): Subscription {
  const topic = topicOf(call, action);
  const id = call.params.subscription ?? '';
  const found = call.parts.broker.topics.subscriptions.find({ topic: topic.address, id });
  if (found?.topicId === topic.id && found.state !== 'ended') return found;
  const text = `topic "${topic.address.name}" has no subscription "${id.slice(0, 100)}"`;
  throw new GantryError('not-found', text, { resource: id });
}

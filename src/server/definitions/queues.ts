import { isQueueName } from '../../../protocols/sqs/names.ts';
import { findRefusal } from '../../core/authorize.ts';
import type { Namespace, Queue, QueueAddress } from '../../model/queue.ts';
import type { SchemaProblem } from '../schema-problem.ts';
import { addressIn, addressText, addressWords, inOrder, isInScope, shownAddress } from './addresses.ts';
import { isSameJson } from './changes.ts';
import { eachInSlices, judgeItems, problemAt } from './judge.ts';
import type { DefinitionKind, DefinitionsContext, Step } from './kind.ts';
import { type QueueDefinition, queueDefinitionSchema } from './queue-definition.ts';
import { type DescribedQueue, queueProblem, settingsProblem, shownSettings, withExtras } from './queue-model.ts';
import { type QueueStep, queueStep, stepText, wantedQueue } from './queue-plan.ts';
import { unless } from './unless.ts';

const key = 'queues';
/** What each step needs. */
const rightFor = { create: 'create', alter: 'manage', drop: 'manage' } as const;
/** Tallies asked for at once. */
const talliesMax = 1_000;
/** Those that a definition settles; other protocols may keep their own beside them. */
const noExtras = {
  KmsMasterKeyId: undefined,
  KmsDataKeyReusePeriodSeconds: undefined,
  SqsManagedSseEnabled: undefined,
};

export const queuesKind: DefinitionKind = {
  key,
  schema: queueDefinitionSchema,
  foreignKeys: ['policy'],
  placeholders: {},
  judge: async (items) => {
    const definitions = await judgeItems(key, queueDefinitionSchema, items);
    return {
      plan: (context, { isPruning }) => planQueues(definitions, context, isPruning),
      willHave: (context) => {
        const texts = new Set(
          definitions.map(({ name, account, region }) =>
            addressText(addressIn(context.namespace, { name, account, region })),
          ),
        );
        return (address) => texts.has(addressText(address));
      },
    };
  },
  *export(context, prefix) {
    for (const queue of seenQueues(context, prefix))
      yield { ...shownAddress(queue.address, context.namespace), ...shownSettings(queue) };
  },
};

async function planQueues(
  definitions: readonly QueueDefinition[],
  context: DefinitionsContext,
  isPruning: boolean,
): Promise<readonly Step[]> {
  const { catalogue, requireAllowed } = context.broker;
  const wanted = await wantedQueues(definitions, context.namespace);
  const dropped = isPruning
    ? [...seenQueues(context, '')].filter(({ address }) => !wanted.has(addressText(address)))
    : [];
  const droppedTexts = new Set(dropped.map(({ address }) => addressText(address)));
  const find = (address: QueueAddress): DescribedQueue | undefined => {
    const text = addressText(address);
    return wanted.get(text) ?? (droppedTexts.has(text) ? undefined : catalogue.find(address));
  };
  const deadLetters = new Set<string>();
  const steps = new Map<string, QueueStep>();
  await eachInSlices([...wanted], ([text, queue]) => {
    requireAllowed(context.principal, 'browse', queue.address);
    const { redrive } = queue.attributes;
    if (redrive !== undefined) deadLetters.add(addressText(redrive.deadLetter));
    const step = queueStep(queue, catalogue.find(queue.address));
    if (step !== undefined) steps.set(text, step);
  });
  await eachInSlices([...wanted], ([text, queue], at) => {
    const { redrive } = queue.attributes;
    const deadLetter = redrive === undefined ? '' : addressText(redrive.deadLetter);
    // Where nothing changes all may stay as it is: a dead-letter queue that was dropped leaves its sources alone.
    if (!steps.has(text) && !steps.has(deadLetter) && !droppedTexts.has(deadLetter)) return;
    const problem = queueProblem(queue.address, queue.attributes, find);
    // It tells of another queue: whoever may not do the step learns nothing, and the step will be refused.
    if (problem === undefined || isRefused(context, steps.get(text))) return;
    throw problemAt([key, at], inQueue(queue.address, problem));
  });
  const toDo: Step[] = [];
  await eachInSlices([...steps.values(), ...(await drops(context, dropped))], (step) => {
    toDo.push(toStep(context, step, deadLetters.has(addressText(step.queue.address))));
  });
  return toDo;
}

function isRefused({ access, principal }: DefinitionsContext, step: QueueStep | undefined): boolean {
  if (step === undefined) return false;
  return findRefusal(access.authorize, principal, rightFor[step.do], step.queue.address) !== undefined;
}

/** By address, in the order of their definitions. @throws GantryError `invalid-argument` */
async function wantedQueues(
  definitions: readonly QueueDefinition[],
  namespace: Namespace,
): Promise<ReadonlyMap<string, DescribedQueue>> {
  const wanted = new Map<string, DescribedQueue>();
  const places = new Map<string, number>();
  await eachInSlices(definitions, (definition, at) => {
    const { name, account = namespace.account, region = namespace.region } = definition;
    const address = { account, region, name };
    const problem = settingsProblem(address, definition);
    if (problem !== undefined) throw problemAt([key, at], inQueue(address, problem));
    const text = addressText(address);
    const first = places.get(text);
    if (first !== undefined) {
      const message = `queue "${addressWords(address)}" is defined twice, first at ${key}[${first}]`;
      throw problemAt([key, at], { path: [], message });
    }
    places.set(text, at);
    wanted.set(text, wantedQueue(definition, namespace));
  });
  return wanted;
}

function inQueue({ name }: QueueAddress, { path, message }: SchemaProblem) {
  return { path, message: `queue "${name}": ${message}` };
}

async function drops({ broker }: DefinitionsContext, queues: readonly Queue[]): Promise<readonly QueueStep[]> {
  const steps: QueueStep[] = [];
  for (let at = 0; at < queues.length; at += talliesMax) {
    const slice = queues.slice(at, at + talliesMax);
    const tallies = await broker.catalogue.tallies(slice.map(({ id }) => id));
    for (const [more, queue] of slice.entries()) {
      const { waiting = 0, delayed = 0, leased = 0 } = tallies[more] ?? {};
      steps.push({ do: 'drop', queue, messages: waiting + delayed + leased });
    }
  }
  return steps;
}

/** @param isDeadLetter of another: made before its sources, so that no link has to be written twice */
function toStep({ broker, principal }: DefinitionsContext, step: QueueStep, isDeadLetter: boolean): Step {
  const { queue } = step;
  const { address } = queue;
  const { catalogue } = broker;
  const turns = { create: isDeadLetter ? 0 : 1, alter: 2, drop: 3 };
  const create = async (): Promise<void> => void (await catalogue.create(principal, queue));
  const alter = async (): Promise<void> =>
    void (await catalogue.alter(principal, address, (before) => ({
      attributes: isSameJson(before.attributes.policy, queue.attributes.policy)
        ? { ...queue.attributes, policy: before.attributes.policy }
        : queue.attributes,
      ...{ extras: withExtras(before.extras, { ...noExtras, ...queue.extras }), tags: queue.tags },
    })));
  const actions = {
    create: () => unless('already-exists', create, alter),
    alter: () => unless('not-found', alter, create),
    drop: () =>
      unless(
        'not-found',
        () => catalogue.drop(principal, address),
        async () => undefined,
      ),
  };
  return {
    ...{ do: step.do, kind: 'queue', name: addressWords(address), text: stepText(step), turn: turns[step.do] },
    requireAllowed: () => broker.requireAllowed(principal, rightFor[step.do], address),
    run: actions[step.do],
  };
}

/** Those that definitions can name and the asker may see, in the order of account, region and name. */
function seenQueues({ broker, principal, scope }: DefinitionsContext, prefix: string): readonly Queue[] {
  const isIn = (address: QueueAddress): boolean =>
    isInScope(scope, address) && address.name.startsWith(prefix) && isQueueName(address.name);
  return inOrder(
    [...broker.catalogue.all()].filter(({ address }) => isIn(address) && broker.mayBrowse(principal, address)),
  );
}

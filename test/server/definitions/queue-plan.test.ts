import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defaultNamespace } from '../../../src/model/queue.ts';
import { queueDefaults, queueDefinitionSchema } from '../../../src/server/definitions/queue-definition.ts';
import type { DescribedQueue } from '../../../src/server/definitions/queue-model.ts';
import { shownSettings } from '../../../src/server/definitions/queue-model.ts';
import { queueStep, stepText, wantedQueue } from '../../../src/server/definitions/queue-plan.ts';

function wanted(definition: object): DescribedQueue {
  return wantedQueue(v.parse(queueDefinitionSchema, definition), defaultNamespace);
}

function textOf(definition: object, current?: DescribedQueue): string | undefined {
  const step = queueStep(wanted(definition), current);
  return step && stepText(step);
}

const everything = {
  name: 'orders.fifo',
  delay: '5s',
  visibilityTimeout: '1m',
  retention: '14d',
  receiveWait: '20s',
  maximumMessageSize: '256KiB',
  deadLetter: { queue: 'dead.fifo', after: 3 },
  deadLetterSources: ['a.fifo', 'arn:aws:sqs:eu-west-1:000000000000:b.fifo'],
  contentBasedDeduplication: true,
  deduplicationScope: 'messageGroup',
  fifoThroughputLimit: 'perMessageGroupId',
  policy: { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:*' } },
  kmsKey: 'alias/x',
  kmsKeyReuse: '1m',
  tags: { team: 'a' },
};

describe('the plan of a queue', () => {
  test('makes one that is not there, naming what is not as by default', () => {
    expect(textOf({ name: 'orders' })).toBe('+ queue orders');
    expect(textOf({ name: 'orders', visibilityTimeout: '60s', tags: { team: 'a' } })).toBe(
      '+ queue orders (visibilityTimeout 1m, tags.team a)',
    );
    expect(textOf({ name: 'orders', region: 'eu-west-1' })).toBe('+ queue 000000000000/eu-west-1/orders');
  });

  test('changes what differs, and puts back to the default what the definition leaves out', () => {
    const current = wanted({ name: 'orders', visibilityTimeout: '1m', deadLetter: { queue: 'dead', after: 5 } });

    expect(textOf({ name: 'orders', delay: 5 }, current)).toBe(
      '~ queue orders: visibilityTimeout 1m -> 30s, deadLetter dead after 5 -> none, delay 0s -> 5s',
    );
  });

  test('has nothing to say of one that is as it is wanted, however that is spelt', () => {
    expect(textOf({ name: 'orders', visibilityTimeout: 60 }, wanted({ name: 'orders', visibilityTimeout: '1m' }))).toBe(
      undefined,
    );
    expect(textOf({ name: 'orders', visibilityTimeout: '30s' }, wanted({ name: 'orders' }))).toBe(undefined);
    const { attributes, ...rest } = wanted(everything);
    const policy = '{ "Statement": {"Action":"sqs:*", "Principal":"*","Effect":"Allow"},"Version": "2012-10-17" }';
    expect(textOf(everything, { ...rest, attributes: { ...attributes, policy } })).toBe(undefined);
    const explicit = { ...wanted({ name: 'orders' }), extras: { SqsManagedSseEnabled: 'true' } };
    expect(textOf({ name: 'orders' }, explicit)).toBe(undefined);
  });

  test('names long values by their difference only', () => {
    const policy = { ...everything.policy, Id: 'another' };

    expect(textOf({ ...everything, policy }, wanted(everything))).toBe('~ queue orders.fifo: policy is another');
  });

  test('drops with the number of messages', () => {
    const queue = wanted({ name: 'old' });

    expect(stepText({ do: 'drop', queue, messages: 0 })).toBe('- queue old');
    expect(stepText({ do: 'drop', queue, messages: 12 })).toBe('- queue old (with 12 messages)');
  });
});

test('what is shown of a queue makes the same queue again', () => {
  const queue = wanted(everything);

  expect(shownSettings(queue)).toEqual({ ...everything, name: undefined });
  expect(wanted({ name: queue.address.name, ...shownSettings(queue) })).toEqual(queue);
  const managed = { ...wanted({ name: 'orders' }), extras: { SqsManagedSseEnabled: 'false' } };
  expect(wanted({ name: 'orders', ...shownSettings(managed) })).toEqual(managed);
  expect(wanted({ name: 'orders' }).attributes).toEqual(queueDefaults);
});

test.each(['constructor', 'prototype', '__proto__'])('a tag %s is one like any other', (name) => {
  const tags: object = JSON.parse(`{"team":"a","${name}":5}`);
  const queue = wanted({ name: 'orders', tags });

  expect(Object.entries(queue.tags)).toEqual([
    ['team', 'a'],
    [name, '5'],
  ]);
  expect(wanted({ name: 'orders', ...shownSettings(queue) })).toEqual(queue);
  expect(textOf({ name: 'orders' }, queue)).toBe(`~ queue orders: tags.team a -> none, tags.${name} 5 -> none`);
  const { issues } = v.safeParse(queueDefinitionSchema, { name: 'orders', tags: JSON.parse(`{"${name}":{}}`) });
  expect(issues?.map((issue) => [v.getDotPath(issue), issue.message])).toEqual([[`tags.${name}`, 'expected a text']]);
});

const refused: readonly (readonly [string, object, string])[] = [
  ['a policy that is none', { policy: { Statement: [{ Effect: 'Alow', Action: '*', Principal: '*' }] } }, 'Effect'],
  ['an element of a policy', { policy: JSON.parse('{"Statement":[],"__proto__":1}') }, '__proto__'],
  ['a policy that is too long', { policy: { Id: 'x'.repeat(9_000), Statement: [] } }, 'at most 8192 characters'],
  ['a tag of AWS itself', { tags: { 'aws:x': 'a' } }, 'may not begin with "aws:"'],
  [
    'the 51st tag',
    { tags: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, ''])) },
    'Too many tags',
  ],
  ['what is no name', { deadLetterSources: ['not a name'] }, 'expected the name of a queue, or its ARN'],
  ['another word', { deadLetterSources: 'some' }, 'expected all, none, or a list of 1 to 10 queue names'],
];
test.each(refused)('%s is refused, as by SQS', (_, settings, message) => {
  const { success, issues } = v.safeParse(queueDefinitionSchema, { name: 'orders', ...settings });

  expect(success).toBe(false);
  expect(issues?.[0].message).toContain(message);
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../sqs/cases/case.ts';
import { type Wire, withWorld } from './world.ts';

const topics = ['t', 't', 't', 'f.fifo', 'f.fifo', 'none', ''].map(
  (name) => `arn:aws:sns:us-east-1:000000000000:${name}`,
);
const odd: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  ...[
    '',
    'json',
    '{}',
    '{"default":"d"}',
    '{"default":1}',
    '[',
    '\u0000',
    '\ud800',
    '.',
    '..',
    'a\nb',
    '__proto__',
    'x'.repeat(300),
  ],
  ...[null, true, 1, -1.5, [], {}, ['a'], { a: 'b' }, { DataType: 'String' }, { DataType: 'Binary', BinaryValue: '*' }],
);
/** Mostly as it should be, so that some requests get far. */
const mostly = <T extends Json>(sound: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 8, arbitrary: sound }, { weight: 1, arbitrary: odd });
const text = fc.string({ unit: 'binary', minLength: 1 });
const name = fc.oneof(fc.constantFrom('a', 'b', '.a', 'a.', 'a..b', '__proto__'), fc.string());
const attribute = fc.record(
  { DataType: mostly(fc.constant('String')), StringValue: mostly(fc.constant('v')), BinaryValue: odd },
  { requiredKeys: ['DataType', 'StringValue'] },
);
const message = {
  Message: mostly(text),
  Subject: mostly(fc.constant('s')),
  MessageStructure: mostly(fc.constant('')),
  MessageGroupId: mostly(fc.constant('g')),
  MessageDeduplicationId: mostly(fc.constant('')),
  MessageAttributes: mostly(fc.dictionary(name, attribute, { maxKeys: 2 }).map((all) => ({ ...all }))),
};
const requiredKeys = ['Message', 'MessageGroupId'] as const;
const target = mostly(fc.constantFrom(...topics, 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/a/1'));
const publish = fc.oneof(
  fc.record({ TopicArn: target, ...message }, { requiredKeys: ['TopicArn', ...requiredKeys] }),
  fc.record({ TopicArn: target, TargetArn: target, PhoneNumber: odd, ...message }, { requiredKeys: [] }),
);
const entry = fc.record(
  { Id: mostly(fc.constantFrom('a', 'b', 'c')), ...message },
  { requiredKeys: ['Id', ...requiredKeys] },
);
const entries = mostly(fc.array(mostly(entry), { maxLength: 4 }));
const batch = fc.record({ TopicArn: target, PublishBatchRequestEntries: entries });
const request = fc.oneof(
  publish.map((input) => ['Publish', input] as const),
  batch.map((input) => ['PublishBatch', input] as const),
);

/** As JSON would carry it. */
const plain = (input: object): JsonObject => JSON.parse(JSON.stringify(input));

it('whatever is published, the answer is no failure of the broker', () =>
  withWorld(async (world) => {
    await world.subscribed(await world.topic('t'), 'q');
    await world.subscribed(await world.topic('f.fifo', { ContentBasedDeduplication: 'true' }), 'q.fifo');
    let good = 0;

    await fc.assert(
      fc.asyncProperty(request, fc.constantFrom<Wire>('query', 'json'), async ([operation, input], wire) => {
        const answer = await world.sns(operation, plain(input), { wire });
        expect(answer.status, answer.text).toBeLessThan(500);
        if (answer.status === 200) good++;
      }),
      { numRuns: 500 },
    );

    expect(world.reported).toEqual([]);
    expect(good).toBeGreaterThan(10);
  }));

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { operationShapes, type Shape } from '../../../protocols/sqs/shapes.ts';
import { call, exchange } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import { withServer } from './with-server.ts';

const operations = Object.keys(operationShapes);
/** Every member of every operation, at any depth: so a new one is thrown at the broker as well. */
const names = [...new Set(Object.values(operationShapes).flatMap(({ input }) => namesIn({ members: input })))];
const others = ['RedrivePolicy', 'Policy', 'FifoQueue', 'KmsMasterKeyId', '__proto__'];
const leaf = fc.oneof(
  fc.constantFrom('a', 'a.fifo', 'f.fifo', '', 'true', 'String', 'Binary', 'All', '{}', '{"deadLetterTargetArn":1}'),
  fc.string({ unit: 'binary' }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 12 }),
    fc.dictionary(fc.constantFrom(...names, ...others), tie('value'), { maxKeys: 8 }),
  ),
}));
const input = fc.dictionary(fc.constantFrom(...names, ...others), value, { maxKeys: 12 });

it('no input makes the broker fail: the fault is always found with the sender', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    await call(server, 'CreateQueue', { QueueName: 'f.fifo', Attributes: { FifoQueue: 'true' } });

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...operations), input, fc.boolean(), async (operation, members, isAimed) => {
        const aim: JsonObject = isAimed ? { QueueUrl: 'a', MessageBody: 'm' } : {};
        const body = JSON.stringify({ ...members, ...aim });
        const headers = { 'X-Amz-Target': `AmazonSQS.${operation}` };
        const answer = await exchange(server, { method: 'POST', headers, body });
        expect(answer.status, answer.text).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
    expect(server.reported).toEqual([]);
  }));

it('any bytes for a body are answered, and the next request as well', () =>
  withServer(async (server) => {
    const headers = { 'X-Amz-Target': 'AmazonSQS.ListQueues' };

    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (body) => {
        const answer = await exchange(server, { method: 'POST', headers, body });
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 100 },
    );
    expect(server.reported).toEqual([]);
  }));

function namesIn(shape: Shape): readonly string[] {
  if (typeof shape === 'string') return [];
  if ('of' in shape) return namesIn(shape.of);
  if ('to' in shape) return namesIn(shape.to);
  return Object.entries(shape.members).flatMap(([name, member]) => [name, ...namesIn(member)]);
}

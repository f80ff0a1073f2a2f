import { expect, it } from 'vitest';
import { ownLimits } from '../../../protocols/sqs/limits.ts';
import type { Authorize } from '../../../src/core/authorize.ts';
import { GantryError } from '../../../src/model/errors.ts';
import { call, scope } from './call.ts';
import { callQuery } from './query/call.ts';
import { withServer } from './with-server.ts';

const hidden = 'hidden';
const authorize: Authorize = (_, action, resource) =>
  action === 'browse' && resource.type === 'queue' && resource.name.startsWith(hidden)
    ? new GantryError('access-denied', 'no')
    : undefined;

it('nobody is told of a queue that he may not see', () =>
  withServer(
    async (server) => {
      for (const QueueName of ['hidden', 'hidden1', 'open']) await call(server, 'CreateQueue', { QueueName });
      const hintTo = async (QueueUrl: string, headers = {}) =>
        (await call(server, 'SendMessage', { QueueUrl, MessageBody: 'm' }, { headers })).headers['x-gantry-hint'];

      expect(await hintTo('opne')).toBe('did you mean "open"?');
      expect(await hintTo('hiden')).toBeUndefined();
      expect(await hintTo('open', scope('test', 'eu-west-1'))).toContain('"open" exists in account 000000000000');
      expect(await hintTo('hidden', scope('test', 'eu-west-1'))).toBeUndefined();
    },
    { authorize },
  ));

it('few policies are asked about for a hint, however many queues have the name', () => {
  let questions = 0;
  const counting: Authorize = (_, action) => {
    if (action === 'browse') questions++;
    return action === 'browse' ? new GantryError('access-denied', 'no') : undefined;
  };
  return withServer(
    async (server) => {
      for (let at = 0; at < 10; at++) {
        await call(server, 'CreateQueue', { QueueName: 'orders' }, { headers: scope('test', `eu-west-${at}`) });
      }
      questions = 0;

      await call(server, 'SendMessage', { QueueUrl: 'orders', MessageBody: 'm' });

      expect(questions).toBe(ownLimits.hintQuestionsMax);
    },
    { authorize: counting },
  );
});

it('each mistake is told to the log once for each answer that has it', () => {
  const told: string[] = [];
  return withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'orders' });

      await call(server, 'SendMessage', { QueueUrl: 'ordres', MessageBody: 'm' });
      await call(server, 'GetQueueUrl', { QueueName: 'Orders' });
      await call(server, 'GetQueueUrl', { QueueName: 'orders' }, { headers: scope('111122223333', 'us-east-1') });
      await call(server, 'GetQueueUrl', { QueueName: 'something-else' });

      expect(told).toEqual([
        'did you mean "orders"?',
        'did you mean "orders"?',
        '"orders" exists in account 000000000000, region us-east-1; the request is for account 111122223333, region us-east-1',
      ]);
    },
    { hint: (hint) => void told.push(hint) },
  );
});

it('a hint goes with a success too, in both protocols, and is told to the log', () => {
  const told: string[] = [];
  const Policy = JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMesage', Resource: '*' }],
  });
  const meant = 'Policy: unknown action "sqs:SendMesage"; did you mean "sqs:SendMessage"?';
  return withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'orders' });
      const input = { QueueUrl: 'orders', Attributes: { Policy } };

      const byJson = await call(server, 'SetQueueAttributes', input);
      const byQuery = await callQuery(server, 'SetQueueAttributes', input);

      expect([byJson.status, byJson.headers['x-gantry-hint']]).toEqual([200, meant]);
      expect([byQuery.status, byQuery.headers['x-gantry-hint']]).toEqual([200, meant]);
      expect(told).toEqual([meant, meant]);
    },
    { hint: (hint) => void told.push(hint) },
  );
});

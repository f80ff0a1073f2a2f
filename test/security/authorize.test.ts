import { expect, test } from 'vitest';
import type { Act, Action, Principal } from '../../src/model/principal.ts';
import type { Queue } from '../../src/model/queue.ts';
import type { Topic } from '../../src/model/topic.ts';
import { createAuthorize } from '../../src/security/authorize.ts';
import { operator } from '../../src/security/operator.ts';
import { createUsers } from '../../src/security/users.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { user } from '../support/users.ts';

const resource = { type: 'queue', account: '000000000000', region: 'us-east-1', name: 'orders' } as const;
const broker = { type: 'broker' } as const;

function setup(statements: readonly unknown[], policy?: object) {
  const clock = createFakeClock();
  const users = createUsers([user('ada', { statements }), user('root', { isAdmin: true })]);
  const world = { queue: queueWith(policy), topic: topicWith(undefined) };
  const authorize = createAuthorize({ users, clock, findQueue: () => world.queue, findTopic: () => world.topic });
  const may = (action: Action, principal = ada(action)) => authorize(principal, action, resource) === undefined;
  return { clock, world, authorize, may };
}

/** Of a queue nothing but its policy and tags is looked at. */
function queueWith(policy: object | string | undefined): Queue {
  const text = typeof policy === 'object' ? JSON.stringify(policy) : policy;
  return { ...emptyQueue, attributes: { ...emptyQueue.attributes, policy: text } };
}

function topicWith(policy: string | undefined): Topic {
  const { address, kind, extras, tags, createdAt, modifiedAt } = emptyQueue;
  const attributes = {
    ...{
      isContentDeduplicated: false,
      dedupScope: 'topic' as const,
      messageBytesMax: 1024,
      policy,
      archiveMs: undefined,
    },
  };
  return { id: 't', address, kind, attributes, extras, tags, createdAt, modifiedAt, archivedSince: undefined };
}

function ada(action: Action, act: Partial<Act> = {}): Principal {
  const whole = { name: `sqs:${action}`, action, remoteAddress: '10.0.0.1', isEncrypted: true, ...act };
  return { name: 'ada', account: '000000000000', isAnonymous: false, act: whole };
}

test('what the protocol calls the act is what policies are asked about', () => {
  const { may } = setup([{ Effect: 'Allow', Action: 'sqs:DeleteMessage', Resource: '*' }]);

  expect(may('receive', ada('receive', { name: 'sqs:DeleteMessage' }))).toBe(true);
  expect(may('receive', ada('receive', { name: 'sqs:ReceiveMessage' }))).toBe(false);
});

test('a verb that does another thing besides is asked about that thing', () => {
  const moving = ada('manage', { name: 'sqs:StartMessageMoveTask' });
  const move = { Effect: 'Allow', Action: 'sqs:StartMessageMoveTask', Resource: '*' };
  const { may } = setup([move]);
  const both = setup([{ ...move, Action: ['sqs:StartMessageMoveTask', 'sqs:SendMessage'] }]);

  expect([may('manage', moving), may('send', moving)]).toEqual([true, false]);
  expect([both.may('manage', moving), both.may('send', moving)]).toEqual([true, true]);
});

test('without an act a principal is asked about by the name of the action', () => {
  const { may } = setup([{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'orders' }]);
  const mqtt: Principal = { name: 'ada', account: '000000000000', isAnonymous: false };

  expect([may('send', mqtt), may('receive', mqtt)]).toEqual([true, false]);
});

test('of a topic the same actions have the names of SNS', () => {
  const { authorize } = setup([{ Effect: 'Allow', Action: ['sns:Publish', 'sns:SetTopicAttributes'], Resource: '*' }]);
  const plain: Principal = { name: 'ada', account: '000000000000', isAnonymous: false };
  const actions = ['create', 'send', 'browse', 'manage', 'subscribe', 'admin'] as const;
  const mayOf = (type: 'queue' | 'topic') =>
    actions.filter((action) => authorize(plain, action, { ...resource, type }) === undefined);

  expect([mayOf('topic'), mayOf('queue')]).toEqual([['send', 'manage'], []]);
});

test('a change of the policy of a topic counts at once', () => {
  const { world, authorize } = setup([]);
  const topic = { ...resource, type: 'topic' } as const;
  const statement = { Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' };
  const may = () => authorize(ada('send', { name: 'sns:Publish' }), 'send', topic) === undefined;

  expect([may(), may()]).toEqual([false, false]);
  world.topic = topicWith(JSON.stringify({ Statement: [statement] }));
  expect([may(), may()]).toEqual([true, true]);
  world.topic = topicWith('no policy at all');
  expect(may()).toBe(false);
});

test('a change of the policy of a queue counts at once', () => {
  const { world, may } = setup([], {
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }],
  });

  expect([may('send'), may('send')]).toEqual([true, true]);
  world.queue = queueWith(undefined);
  expect([may('send'), may('send')]).toEqual([false, false]);
});

test('what hangs on a circumstance is asked each time', () => {
  const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' }, DateLessThan: { 'aws:CurrentTime': '2027-01-16' } };
  const { clock, may } = setup([{ Effect: 'Allow', Action: '*', Resource: '*', Condition }]);

  expect(may('send')).toBe(true);
  expect(may('send', ada('send', { remoteAddress: '192.168.0.1' }))).toBe(false);
  expect(may('send')).toBe(true);
  clock.advance(86_400_000);
  expect(may('send')).toBe(false);
});

test('what was allowed once is not allowed to others', () => {
  const { may } = setup([{ Effect: 'Allow', Action: 'sqs:send', Resource: '*' }]);
  const nobody: Principal = { name: 'ada', account: '000000000000', isAnonymous: true };
  const elsewhere: Principal = { ...ada('send'), account: '111122223333' };

  expect(may('send')).toBe(true);
  expect([may('send', nobody), may('send', elsewhere), may('receive')]).toEqual([false, false, false]);
});

test('a policy that cannot be read keeps everybody out but admins', () => {
  const { world, authorize, may } = setup([{ Effect: 'Allow', Action: '*', Resource: '*' }]);
  world.queue = queueWith('{"Statement":[{"Effect":"Deny"}]}');
  const root: Principal = { name: 'root', account: '000000000000', isAnonymous: false };

  expect(may('send')).toBe(false);
  expect(authorize(root, 'send', resource)).toBeUndefined();
});

test('the tags of a queue can be asked for', () => {
  const Condition = { StringEquals: { 'aws:ResourceTag/Team': 'shop' } };
  const { world, may } = setup([{ Effect: 'Allow', Action: '*', Resource: '*', Condition }]);

  expect(may('send')).toBe(false);
  world.queue = { ...world.queue, tags: { Team: 'shop' } };
  expect(may('send')).toBe(true);
});

test('of tags that differ in case alone the one that is written so is meant, else any', () => {
  const allow = (key: string) => setup([{ Effect: 'Allow', Action: '*', Resource: '*', Condition: tagIs(key) }]);
  const tagIs = (key: string) => ({ StringEquals: { [`AWS:resourcetag/${key}`]: 'prod' } });
  const asked = ['ENV', 'env', 'Env'].map((key) => {
    const { world, may } = allow(key);
    world.queue = { ...world.queue, tags: { env: 'test', ENV: 'prod' } };
    const ofTwo = may('send');
    world.queue = { ...world.queue, tags: { eNV: 'prod' } };
    return [ofTwo, may('send')];
  });

  expect(asked).toEqual([
    [true, true],
    [false, true],
    [false, true],
  ]);
});

test('administration is for who may: admin', () => {
  const admin = setup([{ Effect: 'Allow', Action: 'admin', Resource: '*' }]);
  const sqs = setup([{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }]);
  const principal: Principal = { name: 'ada', account: '000000000000', isAnonymous: false };

  expect(admin.authorize(principal, 'admin', broker)).toBeUndefined();
  expect(sqs.authorize(principal, 'admin', broker)?.code).toBe('access-denied');
});

test('a user who is no more may nothing', () => {
  const { authorize } = setup([]);

  expect(authorize({ name: 'eve', account: '000000000000', isAnonymous: false }, 'send', resource)?.code).toBe(
    'access-denied',
  );
});

const emptyQueue: Queue = {
  id: 1 as Queue['id'],
  address: { account: '000000000000', region: 'us-east-1', name: 'orders' },
  kind: 'standard',
  attributes: {
    delayMs: 0,
    leaseMs: 30_000,
    retentionMs: undefined,
    messageBytesMax: 1024,
    receiveWaitMs: 0,
    isContentDeduplicated: false,
    dedupScope: 'queue',
    throughputScope: 'queue',
    redrive: undefined,
    redriveAllow: undefined,
    policy: undefined,
  },
  extras: {},
  tags: {},
  createdAt: 0,
  modifiedAt: 0,
};

test('the options of the broker may what a queue denies to all, and nobody can be them by name', () => {
  const { may } = setup([], { Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] });

  expect(may('manage', operator)).toBe(true);
  expect(may('manage', { ...operator })).toBe(false);
});

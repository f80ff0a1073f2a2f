import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/security/policy/decide.ts';
import { compilePolicy, compileStatement } from '../../../src/security/policy/document.ts';
import { question } from './question.ts';

const arn = 'arn:aws:sqs:us-east-1:000000000000:orders';
const allowSend = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn };
const denySend = { Effect: 'Deny', Action: 'sqs:SendMessage', Resource: '*' };
const everybody = { ...allowSend, Principal: '*' };

interface Given {
  readonly ofUser?: readonly object[];
  readonly ofQueue?: readonly object[];
  readonly account?: string;
  readonly isAnonymous?: boolean;
}

function decided({ ofUser = [], ofQueue = [], account, isAnonymous }: Given) {
  return decide(
    question({ ...(account === undefined ? {} : { account }), ...(isAnonymous === undefined ? {} : { isAnonymous }) }),
    ofUser.map((each) => compileStatement(each, 'user', [])),
    compilePolicy({ Statement: ofQueue }, 'resource'),
  );
}

const allowed = { isAllowed: true };
const denied = (by: string, isExplicit: boolean) => ({ isAllowed: false, by, isExplicit });
const other = '111122223333';
const otherRoot = { ...allowSend, Principal: { AWS: `arn:aws:iam::${other}:root` } };

describe('within one account', () => {
  test.each<readonly [string, Given, object]>([
    ['what nobody allows is denied', {}, denied('identity', false)],
    ['the policy of the user is enough', { ofUser: [allowSend] }, allowed],
    ['the policy of the queue is enough when it names the user', { ofQueue: [everybody] }, allowed],
    [
      'the account alone leaves it to the policy of the user',
      { ofQueue: [{ ...allowSend, Principal: { AWS: '000000000000' } }] },
      denied('identity', false),
    ],
    ['a deny of the user wins', { ofUser: [allowSend, denySend] }, denied('identity', true)],
    [
      'a deny of the queue wins',
      { ofUser: [allowSend], ofQueue: [{ ...denySend, Principal: '*' }] },
      denied('resource', true),
    ],
  ])('%s', (_, given, expected) => {
    expect(decided(given)).toEqual(expected);
  });
});

describe('from another account', () => {
  test.each<readonly [string, Given, object]>([
    ['both must allow, and do', { ofUser: [allowSend], ofQueue: [otherRoot] }, allowed],
    ['the policy of the queue is missing', { ofUser: [allowSend] }, denied('resource', false)],
    ['the policy of the user is missing', { ofQueue: [everybody] }, denied('identity', false)],
  ])('%s', (_, given, expected) => {
    expect(decided({ ...given, account: other })).toEqual(expected);
  });
});

describe('the anonymous', () => {
  test.each<readonly [string, Given, object]>([
    ['have what a queue gives to everybody', { ofQueue: [everybody] }, allowed],
    ['have nothing else', { ofQueue: [otherRoot] }, denied('resource', false)],
  ])('%s', (_, given, expected) => {
    expect(decided({ ...given, isAnonymous: true })).toEqual(expected);
  });
});

const principal = (Principal: unknown) => ({ ...allowSend, Principal });

describe('a principal', () => {
  test.each<readonly [string, object, boolean]>([
    ['*', principal('*'), true],
    ['{"AWS": "*"}', principal({ AWS: '*' }), true],
    ['the user', principal({ AWS: 'arn:aws:iam::000000000000:user/ada' }), true],
    ['the user in another partition', principal({ AWS: ['arn:aws-cn:iam::000000000000:user/ada'] }), true],
    ['another user', principal({ AWS: 'arn:aws:iam::000000000000:user/bob' }), false],
    ['a service', principal({ Service: 'sns.amazonaws.com' }), false],
    ['a user in a list', principal({ AWS: ['111122223333', 'arn:aws:iam::000000000000:user/ada'] }), true],
    ['nobody but another', { ...allowSend, NotPrincipal: { AWS: 'arn:aws:iam::000000000000:user/bob' } }, true],
    ['nobody but the user', { ...allowSend, NotPrincipal: { AWS: 'arn:aws:iam::000000000000:user/ada' } }, false],
  ])('%s', (_, statement, is) => {
    expect(decided({ ofQueue: [statement] }).isAllowed).toBe(is);
  });
});

describe('action and resource', () => {
  test.each<readonly [string, object, boolean]>([
    ['SQS:* in capitals', { ...allowSend, Action: 'SQS:*' }, true],
    ['*', { ...allowSend, Action: '*' }, true],
    ['a list', { ...allowSend, Action: ['sqs:ReceiveMessage', 'sqs:sendmessage'] }, true],
    ['a pattern', { ...allowSend, Action: 'sqs:Send?essage' }, true],
    ['another action', { ...allowSend, Action: 'sqs:ReceiveMessage' }, false],
    ['our own word', { ...allowSend, Action: 'send' }, true],
    ['another of our words', { ...allowSend, Action: 'receive' }, false],
    ['not another action', { Effect: 'Allow', NotAction: 'sqs:ReceiveMessage', Resource: '*' }, true],
    ['not this action', { Effect: 'Allow', NotAction: 'sqs:Send*', Resource: '*' }, false],
    ['every queue', { ...allowSend, Resource: '*' }, true],
    ['a pattern of queues', { ...allowSend, Resource: 'arn:aws:sqs:*:*:ord*' }, true],
    ['in another case', { ...allowSend, Resource: arn.toUpperCase() }, false],
    ['another queue', { ...allowSend, Resource: `${arn}-2` }, false],
    ['a bare name', { ...allowSend, Resource: 'orders' }, true],
    ['a pattern of names', { ...allowSend, Resource: ['x', 'ord*'] }, true],
    ['a pattern that begins with a star', { ...allowSend, Resource: '*ders' }, true],
    ['not another queue', { Effect: 'Allow', Action: '*', NotResource: `${arn}-2` }, true],
    ['not this queue', { Effect: 'Allow', Action: '*', NotResource: 'orders' }, false],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
    ['the name of the user', { ...allowSend, Resource: 'arn:aws:sqs:*:*:${aws:username}' }, false],
  ])('%s', (_, statement, is) => {
    expect(decided({ ofUser: [statement] }).isAllowed).toBe(is);
  });

  test('a bare name is a queue of the own account', () => {
    const statement = { ...allowSend, Resource: 'orders' };

    expect(decided({ ofUser: [statement], ofQueue: [everybody], account: other }).isAllowed).toBe(false);
    expect(decided({ ofUser: [{ ...statement, Resource: '*ders' }], ofQueue: [everybody], account: other })).toEqual(
      denied('identity', false),
    );
  });
});

describe('what is no policy is refused', () => {
  test.each<readonly [string, unknown]>([
    ['a text', 'x'],
    ['a list', []],
    ['no statement', { Version: '2012-10-17' }],
    ['a version that never was', { Version: '2012-10-18', Statement: [] }],
    ['an unknown element', { Statement: [], Extra: 1 }],
    ['an unknown element of a statement', { Statement: { ...everybody, Efect: 'Allow' } }],
    ['no effect', { Statement: [{ Principal: '*', Action: '*', Resource: '*' }] }],
    ['another effect', { Statement: [{ ...everybody, Effect: 'allow' }] }],
    ['no principal', { Statement: [allowSend] }],
    ['a principal that is a name', { Statement: [principal('ada')] }],
    ['a principal of an unknown kind', { Statement: [principal({ Aws: '*' })] }],
    ['a principal that is no account', { Statement: [principal({ AWS: '12345' })] }],
    ['principals and not principals', { Statement: [{ ...everybody, NotPrincipal: '*' }] }],
    ['no action', { Statement: [{ Effect: 'Allow', Principal: '*', Resource: '*' }] }],
    ['an action that is a number', { Statement: [{ ...everybody, Action: 1 }] }],
    ['an action of no service', { Statement: [{ ...everybody, Action: 'SendMessage' }] }],
    ['no resources in the list', { Statement: [{ ...everybody, Resource: [] }] }],
    ['a condition that is a text', { Statement: [{ ...everybody, Condition: 'x' }] }],
    ['a condition without keys', { Statement: [{ ...everybody, Condition: { Bool: 'x' } }] }],
    ['a condition on an object', { Statement: [{ ...everybody, Condition: { Bool: { 'aws:x': {} } } }] }],
  ])('%s', (_, policy) => {
    expect(() => compilePolicy(policy, 'resource')).toThrow(expect.objectContaining({ name: 'PolicyProblem' }));
  });

  test('a policy of a user that names no resource, which one of a queue may', () => {
    expect(() => compileStatement({ Effect: 'Allow', Action: '*' }, 'user', [])).toThrow('lacks its Resource');
    expect(decided({ ofQueue: [{ Effect: 'Allow', Action: '*', Principal: '*' }], account: other }).isAllowed).toBe(
      false,
    );
  });

  test('a policy of a user that names a principal', () => {
    expect(() => compileStatement(everybody, 'user', [])).toThrow('names no principal');
  });
});

import { expect, test } from 'vitest';
import { Budget, stepsMax } from '../../../src/security/policy/budget.ts';
import { decide } from '../../../src/security/policy/decide.ts';
import { compilePolicy, compileStatement } from '../../../src/security/policy/document.ts';
import { question } from './question.ts';

class Counted extends Budget {
  steps = 0;

  override spend(steps: number): boolean {
    const isPaid = super.spend(steps);
    if (isPaid) this.steps += steps;
    return isPaid;
  }
}

const allowAll = compileStatement({ Effect: 'Allow', Action: '*', Resource: '*' }, 'user', []);
const everybody = { Principal: '*', Action: '*' };
/** Walked anew from each place of the ARN. */
const slow = `arn:*${'?'.repeat(20)}!`;
const facts = { 'aws:username': 'ada', 'aws:sourceip': '10.0.0.1', 'aws:principalarn': 'a'.repeat(200) };

function asked(ofQueue: readonly object[], isAllowedByUser = true) {
  const budget = new Counted(stepsMax);
  const statements = compilePolicy({ Statement: ofQueue }, 'resource');
  const decision = decide({ ...question({ facts }), budget }, isAllowedByUser ? [allowAll] : [], statements);
  return { decision, steps: budget.steps };
}

const hostile: readonly (readonly [string, object])[] = [
  ['actions', { ...everybody, Resource: '*', Action: Array(12_000).fill('sqs:*?????!') }],
  ['resources', { ...everybody, Resource: Array(2_400).fill(slow) }],
  [
    'values',
    {
      ...everybody,
      Resource: '*',
      Condition: { StringLike: { 'aws:principalarn': Array(60).fill(`*${'a'.repeat(99)}b`) } },
    },
  ],
  [
    'addresses',
    { ...everybody, Resource: '*', Condition: { IpAddress: { 'aws:sourceip': Array(2_000).fill('10.9.0.0/16') } } },
  ],
  [
    'variables',
    {
      ...everybody,
      Resource: '*',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of IAM
      Condition: { StringEquals: { 'aws:username': '${aws:username}'.repeat(10_000) } },
    },
  ],
  ['keys', { ...everybody, Resource: '*', Condition: { Null: { ...keysOf(9_000), 'aws:username': 'true' } } }],
];

function keysOf(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`aws:resourcetag/${at}`, 'true']));
}

test.each(hostile)(
  'a policy that is made to be slow by its %s denies after the steps of one question',
  (_, statement) => {
    const { decision, steps } = asked([{ Effect: 'Deny', ...statement }]);

    expect(decision).toEqual({ isAllowed: false, isExplicit: true, by: 'resource' });
    expect(steps).toBeGreaterThan(stepsMax / 2);
    expect(steps).toBeLessThanOrEqual(stepsMax);
  },
);

test.each(hostile)('and allows nothing, by its %s', (_, statement) => {
  const { decision, steps } = asked(
    [
      { Effect: 'Allow', ...statement },
      { Effect: 'Allow', ...everybody, Resource: '*' },
    ],
    false,
  );

  expect(decision.isAllowed).toBe(false);
  expect(steps).toBeLessThanOrEqual(stepsMax);
});

test('what its user may do by a policy of the user alone, a slow allowance does not take away', () => {
  const [[, statement] = ['', {}]] = hostile;

  expect(asked([{ Effect: 'Allow', ...statement }]).decision.isAllowed).toBe(true);
});

test('a long policy without tricks takes a part of the steps', () => {
  const arns = Array.from({ length: 150 }, (_, at) => `arn:aws:sqs:us-east-1:000000000000:queue-${at}-*`);

  const { decision, steps } = asked([{ Effect: 'Deny', ...everybody, Resource: arns }]);

  expect(decision.isAllowed).toBe(true);
  expect(steps).toBeLessThan(stepsMax / 10);
});

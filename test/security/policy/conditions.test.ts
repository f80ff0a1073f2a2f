import { describe, expect, test } from 'vitest';
import { compileCondition } from '../../../src/security/policy/conditions.ts';
import { decide } from '../../../src/security/policy/decide.ts';
import { compileStatement } from '../../../src/security/policy/document.ts';
import { question } from './question.ts';

const facts = {
  'aws:sourceip': '10.1.2.3',
  'aws:securetransport': 'false',
  'aws:currenttime': '2026-05-01T12:00:00.000Z',
  'aws:epochtime': '1777636800',
  'aws:username': 'ada',
  'aws:principalarn': 'arn:aws:iam::000000000000:user/ada',
  'aws:principalaccount': '000000000000',
};

function holds(operator: string, key: string, values: unknown): boolean | undefined {
  return compileCondition({ [operator]: { [key]: values } }, [])(question({ facts }));
}

type Row = readonly [string, string, unknown, boolean | undefined];
const rows: readonly Row[] = [
  ['StringEquals', 'aws:username', 'ada', true],
  ['StringEquals', 'AWS:UserName', ['bob', 'ada'], true],
  ['StringEquals', 'aws:username', 'Ada', false],
  ['StringEquals', 'aws:SourceAccount', '000000000000', false],
  ['StringEqualsIfExists', 'aws:SourceAccount', '000000000000', true],
  ['StringEqualsIgnoreCase', 'aws:username', 'ADA', true],
  ['StringNotEquals', 'aws:username', 'ada', false],
  ['StringNotEquals', 'aws:username', ['bob', 'eve'], true],
  ['StringNotEquals', 'aws:SourceAccount', 'x', true],
  ['StringNotEqualsIgnoreCase', 'aws:username', 'ADA', false],
  ['StringLike', 'aws:username', 'a*', true],
  ['StringNotLike', 'aws:username', 'a*', false],
  ['ArnEquals', 'aws:PrincipalArn', 'arn:aws:iam::000000000000:user/*', true],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:user/ada', true],
  ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/ada', false],
  ['ArnLike', 'aws:PrincipalArn', 'user/ada', undefined],
  ['ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/ada', true],
  ['ArnEquals', 'aws:SourceArn', 'arn:aws:sns:us-east-1:000000000000:alerts', false],
  ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', true],
  ['IpAddress', 'aws:SourceIp', ['192.168.0.0/16', '10.1.2.3'], true],
  ['IpAddress', 'aws:SourceIp', '10.1.2.4/32', false],
  ['IpAddress', 'aws:SourceIp', '::1', false],
  ['IpAddress', 'aws:SourceIp', '10.0.0.0/33', undefined],
  ['IpAddress', 'aws:SourceIp', 'ten', undefined],
  ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', false],
  ['NotIpAddress', 'aws:SourceIp', '192.168.0.0/16', true],
  ['Bool', 'aws:SecureTransport', 'false', true],
  ['Bool', 'aws:SecureTransport', true, false],
  ['Bool', 'aws:SecureTransport', 'no', undefined],
  ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'true', true],
  ['DateLessThan', 'aws:CurrentTime', '2026-05-01T12:00:01Z', true],
  ['DateLessThan', 'aws:CurrentTime', '2026-05-01', false],
  ['DateGreaterThan', 'aws:CurrentTime', '2026-05-01', true],
  ['DateGreaterThanEquals', 'aws:CurrentTime', '1777636800', true],
  ['DateLessThanEquals', 'aws:CurrentTime', 'soon', undefined],
  ['DateEquals', 'aws:EpochTime', '2026-05-01T12:00:00Z', true],
  ['DateNotEquals', 'aws:EpochTime', '2026-05-01T12:00:00Z', false],
  ['NumericLessThan', 'aws:EpochTime', 1777636801, true],
  ['NumericGreaterThan', 'aws:EpochTime', '1777636800', false],
  ['NumericEquals', 'aws:EpochTime', 'many', undefined],
  ['Null', 'aws:SourceArn', 'true', true],
  ['Null', 'aws:SourceArn', 'false', false],
  ['Null', 'aws:username', false, true],
  ['ForAnyValue:StringEquals', 'aws:username', ['ada'], true],
  ['ForAnyValue:StringEquals', 'aws:TagKeys', ['ada'], false],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['ada'], true],
  ['StringSoundsLike', 'aws:username', 'ada', undefined],
  ['BinaryEquals', 'aws:username', 'YWRh', undefined],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of IAM
  ['StringEquals', 'aws:PrincipalArn', 'arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}', true],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
  ['StringNotEquals', 'aws:username', '${aws:nothing}', undefined],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
  ['StringEquals', 'aws:username', "${aws:nothing, 'ada'}", true],
];

describe('condition operators', () => {
  test.each(rows)('%s %s %j: %s', (operator, key, values, expected) => {
    expect(holds(operator, key, values)).toBe(expected);
  });

  test('an IPv4 address that came over IPv6 is the same address', () => {
    const condition = compileCondition({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, []);

    expect(condition(question({ facts: { 'aws:sourceip': '::ffff:10.1.2.3' } }))).toBe(true);
  });

  test('all operators and keys must hold', () => {
    const both = { StringEquals: { 'aws:username': 'ada', 'aws:principalaccount': '000000000000' } };

    expect(compileCondition(both, [])(question({ facts }))).toBe(true);
    expect(compileCondition({ ...both, Bool: { 'aws:SecureTransport': 'true' } }, [])(question({ facts }))).toBe(false);
  });
});

test('what is not understood allows nothing and denies', () => {
  const Condition = { StringSoundsLike: { 'aws:username': 'ada' } };
  const statement = (Effect: string) => compileStatement({ Effect, Action: '*', Resource: '*', Condition }, 'user', []);
  const allowAll = compileStatement({ Effect: 'Allow', Action: '*', Resource: '*' }, 'user', []);

  expect(decide(question({ facts }), [statement('Allow')], []).isAllowed).toBe(false);
  expect(decide(question({ facts }), [allowAll, statement('Deny')], []).isAllowed).toBe(false);
  expect(decide(question({ facts }), [allowAll], []).isAllowed).toBe(true);
});

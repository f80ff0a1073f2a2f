import { describe, expect, it } from 'vitest';
import { arn, wires } from './cases.ts';
import { withWorld } from './world.ts';

const ResourceArn = arn('a');
const policy = JSON.stringify({
  ...{ Name: 'data_protection_policy', Description: 'd', Version: '2021-06-01' },
  Statement: [
    {
      ...{ Sid: 'deny-inbound', DataDirection: 'Inbound', Principal: ['*'] },
      DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/CreditCardNumber'],
      Operation: { Deny: {} },
    },
  ],
});

describe.each(wires)('over %s', (wire) => {
  it('a data protection policy comes back as it was given (verified), and goes with nothing', () =>
    withWorld(async ({ topic, good }) => {
      await topic('a');
      const put = (DataProtectionPolicy: string) =>
        good('PutDataProtectionPolicy', { ResourceArn, DataProtectionPolicy }, { wire });
      const get = () => good('GetDataProtectionPolicy', { ResourceArn }, { wire });

      expect(await get()).toEqual({});
      await put(policy);
      expect(await get()).toEqual({ DataProtectionPolicy: policy });
      await put('');
      expect(await get()).toEqual({});
    }));

  it.each(['PutDataProtectionPolicy', 'GetDataProtectionPolicy'])('%s of an unknown topic', (operation) =>
    withWorld(async ({ sns }) => {
      expect((await sns(operation, { ResourceArn, DataProtectionPolicy: policy }, { wire })).error).toBe(
        'NotFound: Topic does not exist',
      );
    }),
  );
});

it.each([
  ['text', 'failed to parse JSON'],
  ['[]', 'failed to parse JSON'],
  ['{}', 'Name is missing'],
  ['{"Name":"n","Version":"2012-10-17"}', 'Version must be 2021-06-01'],
  ['{"Name":"n","Version":"2021-06-01"}', 'Statement is missing'],
  ['x'.repeat(30_721), 'longer than 30720 bytes'],
])('%s is none', (DataProtectionPolicy, why) =>
  withWorld(async ({ topic, sns }) => {
    await topic('a');

    expect((await sns('PutDataProtectionPolicy', { ResourceArn, DataProtectionPolicy })).error).toBe(
      `InvalidParameter: Invalid parameter: DataProtectionPolicy Reason: ${why}`,
    );
  }),
);

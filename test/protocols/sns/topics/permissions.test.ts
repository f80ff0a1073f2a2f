import { describe, expect, it } from 'vitest';
import { arn, wires } from './cases.ts';
import { type World, withWorld } from './world.ts';

const TopicArn = arn('a');
const grant = {
  ...{ TopicArn, Label: 'friends', AWSAccountId: ['111111111111'], ActionName: ['Publish'] },
};
const statements = async ({ attributes }: World) => {
  const policy = JSON.parse((await attributes(TopicArn)).Policy ?? '');
  return policy.Statement;
};

describe.each(wires)('over %s', (wire) => {
  it('a permission is a statement beside the default one, and goes by its label (verified)', () =>
    withWorld(async (world) => {
      await world.topic('a');
      const [standard] = await statements(world);
      const Resource = TopicArn;
      const root = (account: string) => `arn:aws:iam::${account}:root`;

      await world.good('AddPermission', grant, { wire });
      const more = { ...grant, Label: 'two', AWSAccountId: ['111111111111', '222222222222'] };
      await world.good('AddPermission', { ...more, ActionName: ['Publish', 'Subscribe'] }, { wire });

      const friends = {
        ...{
          Sid: 'friends',
          Effect: 'Allow',
          Principal: { AWS: root('111111111111') },
          Action: 'SNS:Publish',
          Resource,
        },
      };
      const two = {
        ...{ Sid: 'two', Effect: 'Allow', Principal: { AWS: [root('111111111111'), root('222222222222')] } },
        ...{ Action: ['SNS:Publish', 'SNS:Subscribe'], Resource },
      };
      expect(await statements(world)).toEqual([standard, friends, two]);
      await world.good('RemovePermission', { TopicArn, Label: 'friends' }, { wire });
      expect(await statements(world)).toEqual([standard, two]);
      await world.good('RemovePermission', { TopicArn, Label: 'unknown' }, { wire });
      await world.good('RemovePermission', { TopicArn, Label: 'two' }, { wire });
      expect(await statements(world)).toEqual([standard]);
    }));

  it('a label that is taken is refused (verified)', () =>
    withWorld(async ({ topic, good, sns }) => {
      await topic('a');
      await good('AddPermission', grant, { wire });

      expect((await sns('AddPermission', grant, { wire })).error).toBe(
        'InvalidParameter: Invalid parameter: Statement already exists',
      );
    }));

  it.each(['NotAnAction', 'publish', 'CreateTopic', 'SendMessage', '*'])(
    'the action %s is none that can be given (verified)',
    (action) =>
      withWorld(async ({ topic, sns }) => {
        await topic('a');

        expect((await sns('AddPermission', { ...grant, ActionName: [action] }, { wire })).error).toBe(
          'InvalidParameter: Invalid parameter: Policy statement action out of service scope!',
        );
      }),
  );
});

it.each([
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
  'Receive',
])('the action %s can be given (verified)', (action) =>
  withWorld(async ({ topic, sns }) => {
    await topic('a');

    expect((await sns('AddPermission', { ...grant, ActionName: [action] })).status).toBe(200);
  }),
);

it.each([
  [{ Label: '' }, 'Label Reason: no value for required parameter'],
  [{ Label: 'a b' }, 'Label'],
  [{ Label: 'a'.repeat(81) }, 'Label'],
  [{ AWSAccountId: ['1'] }, 'AWSAccountId'],
])('%o is refused', (wrong, why) =>
  withWorld(async ({ topic, sns }) => {
    await topic('a');

    expect((await sns('AddPermission', { ...grant, ...wrong })).error).toBe(
      `InvalidParameter: Invalid parameter: ${why}`,
    );
  }),
);

it('a policy grows to its limit and no further', () =>
  withWorld(async ({ topic, sns }) => {
    await topic('a');
    const AWSAccountId = Array.from({ length: 300 }, (_, at) => String(100_000_000_000 + at));
    const answers = [];
    for (let at = 0; at < 4; at++)
      answers.push(await sns('AddPermission', { ...grant, Label: `l${at}`, AWSAccountId }));

    const tooLong = 'InvalidParameter: Invalid parameter: Policy: longer than 30720 bytes';
    expect(answers.map(({ error }) => error)).toEqual([undefined, undefined, undefined, tooLong]);
  }));

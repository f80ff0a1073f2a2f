import { describe, expect, it } from 'vitest';
import { arn, wires } from './cases.ts';
import { withWorld } from './world.ts';

const a = (count: number) => 'a'.repeat(count);
const fifo = { FifoTopic: 'true' };

describe.each(wires)('over %s', (wire) => {
  it('a topic is made, found again and deleted; deleting it once more is no mistake', () =>
    withWorld(async ({ sns, good }) => {
      const made = await good('CreateTopic', { Name: 'orders' }, { wire });

      expect(made).toEqual({ TopicArn: arn('orders') });
      expect(await good('CreateTopic', { Name: 'orders' }, { wire })).toEqual(made);
      expect((await sns('DeleteTopic', made, { wire })).status).toBe(200);
      expect((await sns('DeleteTopic', made, { wire })).status).toBe(200);
      expect((await sns('GetTopicAttributes', made, { wire })).error).toBe('NotFound: Topic does not exist');
    }));

  it.each([
    ['no name', '', {}],
    ['257 letters', a(257), {}],
    ['a dot', 'a.b', {}],
    ['a space', 'a b', {}],
    ['a letter of another script', 'é', {}],
    ['.fifo alone', '.fifo', fifo],
    ['.fifo without FifoTopic', 'a.fifo', {}],
    ['.fifo with FifoTopic false', 'a.fifo', { FifoTopic: 'false' }],
    ['FifoTopic without .fifo', 'a', fifo],
    ['252 letters and .fifo', `${a(252)}.fifo`, fifo],
  ])('a name with %s is no name of a topic (verified)', (_, Name, Attributes) =>
    withWorld(async ({ sns }) => {
      const { status, error } = await sns('CreateTopic', { Name, Attributes }, { wire });

      expect([status, error]).toEqual([400, 'InvalidParameter: Invalid parameter: Topic Name']);
    }),
  );

  it.each([
    ['one letter', 'a', {}],
    ['256 of them', a(256), {}],
    ['all signs', 'A-z_9', {}],
    ['256 with .fifo', `${a(251)}.fifo`, fifo],
  ])('a name of %s is one', (_, Name, Attributes) =>
    withWorld(async ({ good }) => {
      expect(await good('CreateTopic', { Name, Attributes }, { wire })).toEqual({ TopicArn: arn(Name) });
    }),
  );

  it('FifoTopic false of a standard topic is accepted and not kept (verified)', () =>
    withWorld(async ({ good, attributes }) => {
      await good('CreateTopic', { Name: 'a', Attributes: { FifoTopic: 'false' } }, { wire });

      expect(await attributes(arn('a'))).not.toHaveProperty('FifoTopic');
    }));

  it('the same attributes, or fewer, find the topic; others, or more, do not (verified)', () =>
    withWorld(async ({ sns }) => {
      const make = async (Attributes: Record<string, string>) =>
        (await sns('CreateTopic', { Name: 'a', Attributes }, { wire })).error;
      const different =
        'InvalidParameter: Invalid parameter: Attributes Reason: Topic already exists with different attributes';

      expect(await make({ DisplayName: 'one', TracingConfig: 'Active' })).toBeUndefined();
      expect(await make({ DisplayName: 'one', TracingConfig: 'Active' })).toBeUndefined();
      expect(await make({ DisplayName: 'one' })).toBeUndefined();
      expect(await make({})).toBeUndefined();
      expect(await make({ DisplayName: 'two' })).toBe(different);
      expect(await make({ SignatureVersion: '1' })).toBe(different);
      expect(await make(fifo)).toBe('InvalidParameter: Invalid parameter: Topic Name');
    }));

  it('a policy that says the same with other spaces is the same', () =>
    withWorld(async ({ sns }) => {
      const policy = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: arn('a') }] };
      const make = async (Policy: string) => (await sns('CreateTopic', { Name: 'a', Attributes: { Policy } })).error;

      expect(await make(JSON.stringify(policy))).toBeUndefined();
      expect(await make(JSON.stringify(policy, undefined, 2))).toBeUndefined();
      expect(await make(JSON.stringify({ ...policy, Id: 'x' }))).toContain('different attributes');
    }));

  it('a tag that the topic lacks is another topic, fewer tags are the same (verified)', () =>
    withWorld(async ({ sns }) => {
      const make = async (...Tags: { Key: string; Value: string }[]) =>
        (await sns('CreateTopic', { Name: 'a', Tags }, { wire })).error;
      const [one, two, other] = [
        { Key: 'one', Value: '1' },
        { Key: 'two', Value: '2' },
        { Key: 'one', Value: 'x' },
      ];
      const different = 'InvalidParameter: Invalid parameter: Tags Reason: Topic already exists with different tags';

      expect(await make(one)).toBeUndefined();
      expect(await make(one)).toBeUndefined();
      expect(await make()).toBeUndefined();
      expect(await make(one, two)).toBe(different);
      expect(await make(other)).toBe(different);
      await sns('DeleteTopic', { TopicArn: arn('a') }, { wire });
      expect(await make(other)).toBeUndefined();
      expect((await sns('ListTagsForResource', { ResourceArn: arn('a') }, { wire })).output).toEqual({ Tags: [other] });
    }));

  it('a data protection policy can be given from the start', () =>
    withWorld(async ({ good, sns }) => {
      const DataProtectionPolicy = JSON.stringify({ Name: 'n', Version: '2021-06-01', Statement: [] });

      await good('CreateTopic', { Name: 'a', DataProtectionPolicy }, { wire });

      expect(await good('GetDataProtectionPolicy', { ResourceArn: arn('a') }, { wire })).toEqual({
        DataProtectionPolicy,
      });
      expect((await sns('CreateTopic', { Name: 'b', DataProtectionPolicy: '{' }, { wire })).error).toBe(
        'InvalidParameter: Invalid parameter: DataProtectionPolicy Reason: failed to parse JSON',
      );
    }));
});

it('two creates at once make one topic', () =>
  withWorld(async ({ good, broker }) => {
    const made = await Promise.all(Array.from({ length: 5 }, () => good('CreateTopic', { Name: 'a' })));

    expect(new Set(made.map(({ TopicArn }) => TopicArn))).toEqual(new Set([arn('a')]));
    expect([...broker.topics.catalogue.all()]).toHaveLength(1);
  }));

it.each([
  [{ Nonsense: '1' }, 'Unknown attribute: Nonsense'],
  [{ ContentBasedDeduplication: 'true' }, 'Content-based deduplication can only be set for FIFO topics'],
  [{ SignatureVersion: '3' }, 'SignatureVersion: Invalid value [3]. Must be 1 or 2'],
  [{ DeliveryPolicy: '{' }, 'DeliveryPolicy: failed to parse JSON'],
])('the attributes %o are refused: %s', (Attributes, why) =>
  withWorld(async ({ sns }) => {
    const { error } = await sns('CreateTopic', { Name: 'a', Attributes });

    expect(error).toBe(`InvalidParameter: Invalid parameter: Attributes Reason: ${why}`);
  }),
);

it('a topic with an archive is deleted only when the archive is off', () =>
  withWorld(async ({ topic, sns, attributes }) => {
    const TopicArn = await topic('a.fifo', { ArchivePolicy: '{"MessageRetentionPeriod":"1"}' });

    expect((await sns('DeleteTopic', { TopicArn })).error).toBe(
      'InvalidState: Cannot delete a topic with an active ArchivePolicy',
    );
    expect(await attributes(TopicArn)).toHaveProperty('ArchivePolicy');
    await sns('SetTopicAttributes', { TopicArn, AttributeName: 'ArchivePolicy', AttributeValue: '{}' });
    expect((await sns('DeleteTopic', { TopicArn })).status).toBe(200);
  }));

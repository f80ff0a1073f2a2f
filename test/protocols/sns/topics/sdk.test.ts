import * as sdk from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { arn } from './cases.ts';
import { withWorld } from './world.ts';

/** The real client judges: it reads what we write, and turns errors into its own classes. */
async function withClient(test: (client: sdk.SNSClient) => Promise<void>): Promise<void> {
  await withWorld(async ({ url }) => {
    const credentials = { accessKeyId: '000000000000', secretAccessKey: 'secret' };
    const client = new sdk.SNSClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
    try {
      await test(client);
    } finally {
      client.destroy();
    }
  });
}

it('the life of a topic', () =>
  withClient(async (client) => {
    const Tags = [{ Key: 'one', Value: '1 + 1' }];
    const made = await client.send(
      new sdk.CreateTopicCommand({ Name: 'a.fifo', Attributes: { FifoTopic: 'true', DisplayName: 'A & B' }, Tags }),
    );
    const { TopicArn } = made;
    const ResourceArn = String(TopicArn);
    const attributes = async () => (await client.send(new sdk.GetTopicAttributesCommand({ TopicArn }))).Attributes;
    const set = (AttributeName: string, AttributeValue: string) =>
      client.send(new sdk.SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));

    expect(TopicArn).toBe(arn('a.fifo'));
    expect(await attributes()).toMatchObject({ DisplayName: 'A & B', FifoTopic: 'true', TopicArn });
    await set('ContentBasedDeduplication', 'true');
    await set('DisplayName', 'B');
    expect(await attributes()).toMatchObject({ DisplayName: 'B', ContentBasedDeduplication: 'true' });
    const permission = { TopicArn, Label: 'l', AWSAccountId: ['111111111111'], ActionName: ['Publish'] };
    await client.send(new sdk.AddPermissionCommand(permission));
    expect((await attributes())?.Policy).toContain('arn:aws:iam::111111111111:root');
    await client.send(new sdk.RemovePermissionCommand({ TopicArn, Label: 'l' }));
    expect((await attributes())?.Policy).not.toContain('111111111111');
    await client.send(new sdk.TagResourceCommand({ ResourceArn, Tags: [{ Key: 'two', Value: '' }] }));
    await client.send(new sdk.UntagResourceCommand({ ResourceArn, TagKeys: ['one'] }));
    const tagged = await client.send(new sdk.ListTagsForResourceCommand({ ResourceArn }));
    expect(tagged.Tags).toEqual([{ Key: 'two', Value: '' }]);
    expect((await client.send(new sdk.ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
    await client.send(new sdk.DeleteTopicCommand({ TopicArn }));
    expect((await client.send(new sdk.ListTopicsCommand({}))).Topics).toEqual([]);
  }));

it('errors are of the classes of the client', () =>
  withClient(async (client) => {
    const TopicArn = arn('nowhere');

    await expect(client.send(new sdk.GetTopicAttributesCommand({ TopicArn }))).rejects.toThrow(sdk.NotFoundException);
    await expect(client.send(new sdk.CreateTopicCommand({ Name: '' }))).rejects.toThrow(sdk.InvalidParameterException);
    await expect(client.send(new sdk.ListTagsForResourceCommand({ ResourceArn: TopicArn }))).rejects.toThrow(
      sdk.ResourceNotFoundException,
    );
  }));

it('a paginator of the client finds every topic', () =>
  withClient(async (client) => {
    for (let at = 0; at < 101; at++) await client.send(new sdk.CreateTopicCommand({ Name: `t${at}` }));
    const found: (string | undefined)[] = [];
    for await (const { Topics = [] } of sdk.paginateListTopics({ client }, {})) {
      found.push(...Topics.map(({ TopicArn }) => TopicArn));
    }

    expect(new Set(found).size).toBe(101);
    expect(found).toHaveLength(101);
  }));

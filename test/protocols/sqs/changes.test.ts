import { expect, it } from 'vitest';
import { call } from './call.ts';
import { withServer } from './with-server.ts';

const rounds = Array.from({ length: 10 }, (_, index) => index);

it('changes of one queue at once lose nothing of one another: attributes, tags, permissions', () =>
  withServer(async (server) => {
    const QueueUrl = 'orders';
    await call(server, 'CreateQueue', { QueueName: 'orders', tags: { gone: '' } });
    const dead = 'arn:aws:sqs:us-east-1:000000000000:dead';
    await call(server, 'CreateQueue', { QueueName: 'dead' });
    const attributes = {
      ...{ DelaySeconds: '7', KmsMasterKeyId: 'key', VisibilityTimeout: '9', KmsDataKeyReusePeriodSeconds: '60' },
      RedrivePolicy: `{"deadLetterTargetArn":"${dead}","maxReceiveCount":3}`,
    };

    const answers = await Promise.all([
      ...Object.entries(attributes).map(([name, value]) =>
        call(server, 'SetQueueAttributes', { QueueUrl, Attributes: { [name]: value } }),
      ),
      ...rounds.map((index) => call(server, 'TagQueue', { QueueUrl, Tags: { [`k${index}`]: 'v' } })),
      ...rounds.map((index) =>
        call(server, 'AddPermission', {
          QueueUrl,
          ...{ Label: `l${index}`, AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] },
        }),
      ),
      call(server, 'UntagQueue', { QueueUrl, TagKeys: ['gone'] }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const shown = await call(server, 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    expect(shown.output).toMatchObject({ Attributes: attributes });
    const labels = rounds.map((index) => expect.stringContaining(`"Sid":"l${index}"`));
    for (const label of labels) expect(shown.output).toMatchObject({ Attributes: { Policy: label } });
    const { output } = await call(server, 'ListQueueTags', { QueueUrl });
    expect(output).toEqual({ Tags: Object.fromEntries(rounds.map((index) => [`k${index}`, 'v'])) });
  }));

it('of permissions with one label that race exactly one is given', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'orders' });
    const input = { QueueUrl: 'orders', Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['*'] };

    const answers = await Promise.all(rounds.map(() => call(server, 'AddPermission', input)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(400)]);
  }));

it('of tags that race for the last place exactly one gets it', () =>
  withServer(async (server) => {
    const tags = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`k${index}`, '']));
    await call(server, 'CreateQueue', { QueueName: 'orders', tags });

    const answers = await Promise.all(
      rounds.map((index) => call(server, 'TagQueue', { QueueUrl: 'orders', Tags: { [`last${index}`]: '' } })),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(400)]);
  }));

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseQueueUrl, QueueUrls, queueUrl } from '../../../protocols/sqs/queue-url.ts';

const account = '123456789012';

it.each([
  [`http://sqs.eu-west-1.localhost:4566/${account}/q`, account, 'eu-west-1'],
  [`https://sqs.us-gov-west-1.amazonaws.com/${account}/q`, account, 'us-gov-west-1'],
  [`https://sqs-fips.us-east-2.amazonaws.com/${account}/q`, account, 'us-east-2'],
  [`http://eu-west-1.queue.localhost:4566/${account}/q`, account, 'eu-west-1'],
  [`http://queue.localhost:4566/${account}/q`, account, 'us-east-1'],
  [`http://localhost:4566/queue/eu-west-1/${account}/q`, account, 'eu-west-1'],
  [`http://localhost:4566/${account}/q`, account, undefined],
  [`http://localhost:4566/${account}/q/`, account, undefined],
  [`http://mq.example/prefix/${account}/q`, account, undefined],
  [`http://[::1]:4566/${account}/q`, account, undefined],
  [`localhost:4566/${account}/q`, account, undefined],
  [`/${account}/q`, account, undefined],
  [`${account}/q`, account, undefined],
  ['http://localhost:9324/queue/q', undefined, undefined],
  ['http://localhost:4100/q', undefined, undefined],
  ['http://sqs.internal.example/q', undefined, undefined],
  ['q', undefined, undefined],
])('%s is understood [0.3]', (text, expectedAccount, region) => {
  expect(parseQueueUrl(text)).toEqual({ account: expectedAccount, region, name: 'q' });
});

it.each(['http://whatever-incorrect-queue-address', '', '/', 'http://', '///'])('"%s" names no queue [0.2]', (text) => {
  expect(parseQueueUrl(text)).toBeUndefined();
});

it('names and hosts are taken as they are written', () => {
  expect(parseQueueUrl(`HTTP://X/${account}/MyQueue.fifo`)).toEqual({
    account,
    region: undefined,
    name: 'MyQueue.fifo',
  });
});

it('every URL that we give leads back to its queue, whatever host the client came by', async () => {
  const host = fc.constantFrom(
    'h',
    'h:1',
    '127.0.0.1:4566',
    '[::1]:4566',
    'queue.h',
    'sqs.us-east-1.h',
    'eu-west-1.queue.h:80',
    'queue',
    'sqs',
  );
  const region = fc.constantFrom('us-east-1', 'eu-west-1', 'cn-north-1', 'mars');
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}(\.fifo)?$/);
  const digits = fc.stringMatching(/^\d{12}$/);

  await fc.assert(
    fc.property(host, region, name, digits, (toHost, toRegion, toName, toAccount) => {
      const address = { account: toAccount, region: toRegion, name: toName };
      const url = queueUrl(address, `http://${toHost}`);
      expect(new QueueUrls().address(url, { account: '000000000000', region: toRegion })).toEqual(address);
    }),
  );
});

it('what is remembered does not depend on who asked first', () => {
  const urls = new QueueUrls();

  const first = urls.address('http://h/q', { account: '1', region: 'a' });
  const second = urls.address('http://h/q', { account: '2', region: 'b' });

  expect([first, second]).toEqual([
    { account: '1', region: 'a', name: 'q' },
    { account: '2', region: 'b', name: 'q' },
  ]);
});

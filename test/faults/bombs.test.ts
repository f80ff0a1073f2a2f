import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { launchFor, metric, newQueue, RawClient, residentMib, workOn } from './support/crowd.ts';
import { Wire } from './support/wire.ts';

/** A request that is small to send and may be large to take. */
interface Bomb {
  readonly head: readonly string[];
  readonly body: string | Buffer;
  readonly status: number;
}
const mib = 1024 * 1024;
/** Of each bomb, at once: a single one might hide between two requests of the worker. */
const bombsEach = 8;
const promptMsMax = 5_000;
const grownMibMax = 300;

const json = (operation: string, body: string | Buffer, status = 400): Bomb => ({
  head: [`X-Amz-Target: AmazonSQS.${operation}`, 'Content-Type: application/x-amz-json-1.0'],
  body,
  status,
});
const query = (body: string, status = 400): Bomb => ({
  head: ['Content-Type: application/x-www-form-urlencoded'],
  body,
  status,
});
const plain = (head: readonly string[], status: number): Bomb => ({
  head: ['X-Amz-Target: AmazonSQS.ListQueues', ...head],
  body: '{}',
  status,
});
const send = (members: string) => json('SendMessage', `{"QueueUrl":"bombed","MessageBody":"m",${members}}`);
const many = (count: number, each: (at: number) => string, between = ',') =>
  Array.from({ length: count }, (_, at) => each(at)).join(between);
const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">${many(30, (at) => `<!ENTITY a${at} "&a${at - 1};&a${at - 1};">`, '')}]><l>&a29;</l>`;

const bombs: Readonly<Record<string, Readonly<Record<string, Bomb>>>> = {
  JSON: {
    'arrays four million deep': json('SendMessage', '['.repeat(4 * mib - 1)),
    'objects a million deep': json('SendMessage', '{"a":'.repeat(800_000)),
    'closed, and deep': json('ListQueues', `{"a":${'['.repeat(mib)}${']'.repeat(mib)}}`),
    'two million entries': json('SendMessageBatch', `{"QueueUrl":"bombed","Entries":[${'0,'.repeat(2_000_000)}0]}`),
    'eleven entries too many': json(
      'SendMessageBatch',
      `{"QueueUrl":"bombed","Entries":[${many(11, (at) => `{"Id":"${at}","MessageBody":"m"}`)}]}`,
    ),
    '300,000 names': json('CreateQueue', `{"QueueName":"b",${many(300_000, (at) => `"k${at}":1`)}}`),
    'one name 400,000 times': json('ListQueues', `{${'"a":1,'.repeat(400_000)}"a":1}`),
    'a text of escapes alone': json(
      'SendMessage',
      `{"QueueUrl":"bombed","MessageBody":"${'\\u0001'.repeat(600_000)}"}`,
    ),
    'a number of a million digits': send(`"DelaySeconds":${'9'.repeat(mib)}`),
    'an exponent without end': send(`"DelaySeconds":1e${'9'.repeat(1000)}`),
    '100,000 attributes': send(
      `"MessageAttributes":{${many(60_000, (at) => `"a${at}":{"DataType":"String","StringValue":"v"}`)}}`,
    ),
    'a prototype as a member': send('"__proto__":{"DelaySeconds":1},"DelaySeconds":-1'),
    'bytes that are no text': json('ListQueues', Buffer.alloc(4 * mib - 1, 0xff)),
    'a policy that is deep': json(
      'SetQueueAttributes',
      JSON.stringify({ QueueUrl: 'bombed', Attributes: { Policy: '['.repeat(500_000) } }),
    ),
  },
  Query: {
    '400,000 parameters': query(`Action=ListQueues&${'a=1&'.repeat(400_000)}`, 404),
    'an index near infinity': query('Action=CreateQueue&QueueName=b&Attribute.999999999999999999.Name=DelaySeconds'),
    'a name of a million dots': query(`Action=ListQueues&${'a.1.'.repeat(500_000)}=1`, 200),
    'nothing but percent signs': query(`Action=SendMessage&QueueUrl=bombed&MessageBody=${'%'.repeat(3 * mib)}`, 404),
    'nothing but pluses': query(`Action=SendMessage&QueueUrl=bombed&MessageBody=${'+'.repeat(3 * mib)}`),
    'an action of a megabyte': query(`Action=${'A'.repeat(mib)}`),
    'entries with gaps': query(
      `Action=SendMessageBatch&QueueUrl=bombed&${many(3000, (at) => `SendMessageBatchRequestEntry.${at * 1_000_000}.Id=${at}`, '&')}`,
    ),
  },
  XML: {
    'a billion laughs for a request': { head: ['Content-Type: text/xml'], body: laughs, status: 404 },
    'a billion laughs for a message': json(
      'SendMessage',
      JSON.stringify({ QueueUrl: 'bombed', MessageBody: laughs }),
      200,
    ),
    'a megabyte that XML writes as five': query(
      `Action=SendMessage&QueueUrl=bombed&MessageBody=${'%26'.repeat(mib)}`,
      200,
    ),
  },
  HTTP: {
    'a header of 100 KiB': plain([`X-Long: ${'a'.repeat(100 * 1024)}`], 431),
    'headers of 100 KiB': plain([many(5000, (at) => `X-${at}: ${'a'.repeat(10)}`, '\r\n')], 431),
    '3,000 headers of a letter': plain([many(3000, () => 'a:', '\r\n')], 200),
    'an Authorization of commas': plain([`Authorization: AWS4-HMAC-SHA256 ${','.repeat(12_000)}`], 200),
    'a body that unpacks to gigabytes': {
      head: ['X-Amz-Target: AmazonSQS.ListQueues', 'Content-Encoding: gzip'],
      body: gzipSync(deflateSync(Buffer.alloc(64 * mib))),
      status: 400,
    },
    'a body of one-byte chunks': {
      head: ['X-Amz-Target: AmazonSQS.ListQueues', 'Transfer-Encoding: chunked'],
      body: `${'1\r\n \r\n'.repeat(100_000)}2\r\n{}\r\n0\r\n\r\n`,
      status: 200,
    },
    'a chunk of more than exabytes': {
      head: ['X-Amz-Target: AmazonSQS.ListQueues', 'Transfer-Encoding: chunked'],
      body: 'fffffffffffffffff\r\n{}',
      status: 400,
    },
  },
};

test.each(Object.keys(bombs))(
  '%s bombs are answered for what they are, and a client beside them does not notice',
  {
    timeout: 60_000,
  },
  async (kind) => {
    const broker = await launchFor();
    const worker = await Wire.open(broker.endpoint);
    const work = await newQueue(worker, 'work');
    await newQueue(worker, 'bombed');
    await workOn(worker, work, 100);
    const residentBefore = residentMib(broker);
    const statuses: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    let slowestMs = 0;

    for (const [name, bomb] of Object.entries(bombs[kind] ?? {})) {
      const clients = await Promise.all(Array.from({ length: bombsEach }, () => RawClient.open(broker, true)));
      const answered = clients.map((client) => statusOf(client, bomb));
      slowestMs = Math.max(slowestMs, await workOn(worker, work, 5));
      statuses[name] = [...new Set(await Promise.all(answered))];
      expected[name] = [bomb.status];
      for (const { socket } of clients) socket.destroy();
    }

    expect(statuses).toEqual(expected);
    expect(slowestMs).toBeLessThan(promptMsMax);
    expect(residentMib(broker) - residentBefore).not.toBeGreaterThan(grownMibMax); // Not where the system does not say.
    expect(await metric(broker, 'gantry_invariant_failures_total')).toBe(0);
  },
);

/** Of the first answer; 0 when the connection ended without one. */
async function statusOf(client: RawClient, { head, body }: Bomb): Promise<number> {
  const length = head.some((line) => line.startsWith('Transfer-Encoding')) ? [] : [`Content-Length: ${body.length}`];
  client.socket.write(['POST / HTTP/1.1', 'Host: a', ...head, ...length, '', ''].join('\r\n'));
  client.socket.write(body);
  return await client.firstStatus();
}

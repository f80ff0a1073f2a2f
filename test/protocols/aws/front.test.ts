import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { frontLimits } from '../../../protocols/aws/limits.ts';
import { call, exchange, scope } from '../sqs/call.ts';
import { withServer } from '../sqs/with-server.ts';

const json = { 'X-Amz-Target': 'AmazonSQS.ListQueues', 'Content-Type': 'application/x-amz-json-1.0' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };

describe('which requests are answered', () => {
  it('the target decides, in any case, whatever the content type [0.1, trap 31]', () =>
    withServer(async (server) => {
      const headers = {
        'x-AMZ-target': 'amazonsqs.LISTQUEUES',
        'Content-Type': 'application/x-amz-json-1.0; charset=utf-8',
      };

      const answer = await exchange(server, { method: 'POST', headers, body: '{}' });

      expect(answer).toMatchObject({ status: 200, text: '{}' });
    }));

  it('JSON posted to a queue URL is served, the QueueUrl of the body before that of the path [0.1, trap 26]', () =>
    withServer(async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });
      await call(server, 'CreateQueue', { QueueName: 'b' });
      const a = { QueueUrl: `${server.url}/000000000000/a` };

      const byBody = await call(server, 'SendMessage', { ...a, MessageBody: 'm' }, { path: '/000000000000/b' });
      const byPath = await call(server, 'ReceiveMessage', {}, { path: '/000000000000/a' });

      expect(byBody.headers['content-type']).toBe('application/x-amz-json-1.0');
      expect(byPath.output).toMatchObject({ Messages: [{ Body: 'm' }] });
    }));

  it('an operation that nobody knows is told so [0.2]', () =>
    withServer(async (server) => {
      const answer = await call(server, 'FooBar', {});

      expect(answer).toMatchObject({ status: 400, queryError: 'UnknownOperationException;Sender' });
      expect(answer.output.__type).toMatch(/#UnknownOperationException$/);
    }));

  it('a service that is not here is told so', () =>
    withServer(async (server) => {
      const headers = { 'X-Amz-Target': 'DynamoDB_20120810.ListTables' };

      const answer = await exchange(server, { method: 'POST', headers, body: '{}' });

      expect(answer.status).toBe(400);
      expect(answer.output.message).toContain('DynamoDB_20120810.ListTables');
    }));

  it.each([
    ['a target', { headers: { 'X-Amz-Target': 'GraniteServiceVersion20100801.ListMetrics' }, body: '{}' }, 400],
    ['a version', { headers: form, body: 'Action=ListTopics&Version=2010-03-31' }, 400],
  ] as const)('%s of another service says what is here, and how to send only that', (_, asked, status) => {
    const hint = 'this endpoint serves SQS and STS; AWS_ENDPOINT_URL_SQS sends only SQS here';
    const told: string[] = [];
    return withServer(
      async (server) => {
        const answer = await exchange(server, { method: 'POST', ...asked });

        expect(answer.status).toBe(status);
        expect(answer.headers['x-gantry-hint']).toBe(hint);
        expect(told).toEqual([hint]);
      },
      { hint: (text) => void told.push(text) },
    );
  });

  it('an operation that SQS lacks is no matter of the endpoint', () =>
    withServer(async (server) => {
      const byTarget = await call(server, 'FooBar', {});
      const byAction = await exchange(server, {
        method: 'POST',
        headers: form,
        body: 'Action=FooBar&Version=2012-11-05',
      });

      expect([byTarget.status, byAction.status]).toEqual([400, 400]);
      expect([byTarget.headers['x-gantry-hint'], byAction.headers['x-gantry-hint']]).toEqual([undefined, undefined]);
    }));

  it('a JSON request that is no POST is refused', () =>
    withServer(async (server) => {
      const answer = await exchange(server, { method: 'GET', headers: json });

      expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    }));

  it.each([
    { method: 'GET', path: '/000000000000/a' },
    { method: 'HEAD', path: '/000000000000/a' },
    { method: 'GET', path: '/queue/us-east-1/000000000000/a' },
    { method: 'POST', path: '/', body: '{}' },
    { method: 'POST', path: '/', headers: form, body: 'Version=2012-11-05' },
    { method: 'POST', path: '/', headers: form, body: 'Action=' },
    { method: 'GET', path: '/000000000000/a', headers: { Accept: 'application/json' } },
    { method: 'HEAD', path: '/?Action=ListQueues' },
    { method: 'DELETE', path: '/000000000000/a?Action=DeleteQueue' },
    { method: 'PUT', path: '/?Action=ListQueues' },
  ])('a request without an action has none: $method $path [0.1]', (request) =>
    withServer(async (server) => {
      const answer = await exchange(server, request);

      expect(answer.status).toBe(404);
      expect(answer.text).toBe(request.method === 'HEAD' ? '' : '<UnknownOperationException/>');
    }),
  );

  it.each([
    { method: 'GET', path: '/' },
    { method: 'HEAD', path: '/' },
    { method: 'OPTIONS', path: '/' },
    { method: 'GET', path: '/health' },
    { method: 'POST', path: '/_gantry/queues', headers: form, body: 'a=b' },
    { method: 'GET', path: '/_gantry/queues?Action=x' },
    { method: 'GET', path: '/123/a' },
  ])('the rest is the router’s: $method $path', (request) =>
    withServer(async (server) => {
      const answer = await exchange(server, request);

      expect(answer.headers['x-answered-by']).toBe('router');
    }),
  );
});

describe('what every answer has', () => {
  it('a request id of its own, a type, a length, a date [0.1]', () =>
    withServer(async (server) => {
      const first = await call(server, 'ListQueues', {});
      const second = await call(server, 'FooBar', {});

      const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
      expect(first.headers['x-amzn-requestid']).toMatch(uuid);
      expect(second.headers['x-amzn-requestid']).toMatch(uuid);
      expect(first.headers['x-amzn-requestid']).not.toBe(second.headers['x-amzn-requestid']);
      expect(first.headers).toMatchObject({
        'content-type': 'application/x-amz-json-1.0',
        'content-length': '2',
        date: expect.any(String),
      });
    }));

  it('no body where the operation has no output [0.1]', () =>
    withServer(async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });

      const answer = await call(server, 'PurgeQueue', { QueueUrl: 'a' });

      expect(answer).toMatchObject({ status: 200, text: '', headers: { 'content-length': '0' } });
    }));
});

describe('bodies that are no good', () => {
  it.each(['{', '', ' ', 'null', '[]', '"a"', '1', '{"QueueNamePrefix":}', '\ufeff{}'])(
    '%j is no request [0.2]',
    (body) =>
      withServer(async (server) => {
        const answer = await exchange(server, { method: 'POST', headers: json, body });

        const isEmpty = body === '';
        expect(answer.status).toBe(isEmpty ? 200 : 400);
        if (!isEmpty) expect(answer.queryError).toBe('SerializationException;Sender');
      }),
  );

  it('bytes that are not UTF-8 are refused', () =>
    withServer(async (server) => {
      const body = Buffer.from('{"QueueNamePrefix":"\xff"}', 'latin1');

      const answer = await exchange(server, { method: 'POST', headers: json, body });

      expect(answer).toMatchObject({ status: 400, output: { message: 'The request body is not valid UTF-8.' } });
    }));

  it.each([
    ['SendMessage', { QueueUrl: 'a', MessageBody: 5 }],
    ['SendMessage', { QueueUrl: 5 }],
    ['SendMessage', { QueueUrl: 'a', MessageBody: 'm', DelaySeconds: '5' }],
    ['SendMessage', { QueueUrl: 'a', MessageBody: 'm', DelaySeconds: 1.5 }],
    ['SendMessage', { QueueUrl: 'a', MessageBody: 'm', MessageAttributes: [] }],
    ['SendMessage', { QueueUrl: 'a', MessageBody: 'm', MessageAttributes: { n: 'v' } }],
    [
      'SendMessage',
      { QueueUrl: 'a', MessageBody: 'm', MessageAttributes: { n: { DataType: 'Binary', BinaryValue: 'not base64!' } } },
    ],
    ['SendMessageBatch', { QueueUrl: 'a', Entries: {} }],
    ['SendMessageBatch', { QueueUrl: 'a', Entries: ['x'] }],
    ['ReceiveMessage', { QueueUrl: 'a', MessageAttributeNames: 'All' }],
    ['ReceiveMessage', { QueueUrl: 'a', MessageAttributeNames: [1] }],
    ['SetQueueAttributes', { QueueUrl: 'a', Attributes: { DelaySeconds: 5 } }],
  ] as const)('%s %j has a member of the wrong type', (operation, input) =>
    withServer(async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });

      const answer = await call(server, operation, input);

      expect(answer).toMatchObject({ status: 400, queryError: 'SerializationException;Sender' });
    }),
  );

  it('null is an absent member, a member given twice counts once, unknown ones are passed over', () =>
    withServer(async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });
      const headers = { ...json, 'X-Amz-Target': 'AmazonSQS.SendMessage' };
      const body =
        '{"QueueUrl":"a","MessageBody":"1","MessageBody":"2","DelaySeconds":null,"__proto__":{"DelaySeconds":99999},"Foo":{}}';

      const answer = await exchange(server, { method: 'POST', headers, body });
      const received = await call(server, 'ReceiveMessage', { QueueUrl: 'a' });

      expect(answer.status).toBe(200);
      expect(received.output).toMatchObject({ Messages: [{ Body: '2' }] });
    }));

  it('a million brackets are answered like any other nonsense', () =>
    withServer(async (server) => {
      const body = `{"QueueNamePrefix":${'['.repeat(1_000_000)}`;

      const answer = await exchange(server, { method: 'POST', headers: json, body });
      const closed = await exchange(server, {
        method: 'POST',
        headers: json,
        body: `${body}${']'.repeat(1_000_000)}}`,
      });

      expect([answer.status, closed.status]).toEqual([400, 400]);
    }));
});

describe('the limits of JSON', () => {
  const padding = ' '.repeat(frontLimits.jsonBytesTrusted);
  const nested = (depth: number) => `{"Foo":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}${padding}`;
  const list = (values: number) => `{"Foo":[${Array.from({ length: values - 1 }, () => '1').join(',')}]}${padding}`;
  const inText = (text: string) => `{"Foo":${JSON.stringify(text)}}${padding}`;

  it.each([
    ['as deep as allowed', nested(frontLimits.jsonDepthMax), 200],
    ['one level deeper', nested(frontLimits.jsonDepthMax + 1), 400],
    ['as many values as allowed', list(frontLimits.jsonValuesMax), 200],
    ['one value more', list(frontLimits.jsonValuesMax + 1), 400],
    ['brackets within a text', inText('[{,"\\'.repeat(30_000)), 200],
    ['deep but short', `{"Foo":${'['.repeat(1000)}${']'.repeat(1000)}}`, 200],
  ])('a request %s is answered with what it deserves', (_, body, status) =>
    withServer(async (server) => {
      const answer = await exchange(server, { method: 'POST', headers: json, body });

      expect(answer.status, answer.text).toBe(status);
    }),
  );
});

describe('the limit of a body', () => {
  const requestBytesMax = 1000;
  const padded = (bytes: number) => `{"QueueNamePrefix":"x"${' '.repeat(bytes - 23)}}`;

  it('a body at the limit is served, one more byte is refused and the connection closed', () =>
    withServer(
      async (server) => {
        const below = await exchange(server, { method: 'POST', headers: json, body: padded(999) });
        const at = await exchange(server, { method: 'POST', headers: json, body: padded(1000) });
        const above = await exchange(server, { method: 'POST', headers: json, body: padded(1001) });

        expect([below.status, at.status, above.status]).toEqual([200, 200, 413]);
        expect(above).toMatchObject({ queryError: 'RequestEntityTooLarge;Sender', headers: { connection: 'close' } });
      },
      { requestBytesMax },
    ));

  it('4 MiB are taken unless something else is said [0.1]', () =>
    withServer(async (server) => {
      const answer = await exchange(server, { method: 'POST', headers: json, body: padded(4 * 1024 * 1024) });

      expect(answer.status).toBe(200);
    }));

  it.each([
    ['announced', `Content-Length: 100000000`],
    ['in chunks', 'Transfer-Encoding: chunked'],
  ])('a body %s is refused before it has come, and the client hears why', (_, header) =>
    withServer(
      async (server) => {
        const chunk = header.startsWith('Transfer') ? `7d0\r\n${'x'.repeat(2000)}\r\n` : 'x'.repeat(2000);
        const heard = await talk(
          server.port,
          `POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AmazonSQS.ListQueues\r\n${header}\r\n\r\n${chunk}`,
        );

        expect(heard).toMatch(/^HTTP\/1.1 413 /);
        expect(heard).toContain('#RequestEntityTooLarge');
      },
      { requestBytesMax },
    ),
  );

  it('a client that goes away within its body leaves the server as it was', () =>
    withServer(async (server) => {
      const socket = connect(server.port, '127.0.0.1');
      await new Promise<void>((resolve) => {
        socket.write(
          `POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: AmazonSQS.ListQueues\r\nContent-Length: 100\r\n\r\n{"a`,
          () => resolve(),
        );
      });
      socket.resetAndDestroy();

      const answer = await call(server, 'ListQueues', {});

      expect(answer.status).toBe(200);
      expect(server.reported).toEqual([]);
    }));
});

describe('pages of other sites', () => {
  const own = (port: number) => ({ ...json, Host: `127.0.0.1:${port}`, Origin: `http://127.0.0.1:${port}` });

  it.each([
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'http://rebound.example', Host: 'rebound.example' },
    { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  ])('%j is refused, and nothing is done', (headers) =>
    withServer(async (server) => {
      const answer = await call(server, 'CreateQueue', { QueueName: 'a' }, { headers });

      expect(answer).toMatchObject({ status: 403, queryError: 'AccessDenied;Sender' });
      expect((await call(server, 'ListQueues', {})).output).toEqual({});
    }),
  );

  it('a GET under a name that was pointed here is refused, in every way in which it could read or act', () =>
    withServer(async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });
      const paths = ['/?Action=ListQueues', '/000000000000/a?Action=DeleteQueue', '/_aws/sqs/messages?QueueUrl=a'];
      const askedAs = async (Host: string) => {
        const statuses: unknown[] = [];
        for (const path of paths.toReversed()) {
          statuses.push((await exchange(server, { method: 'GET', path, headers: { Host } })).status);
        }
        return statuses;
      };

      expect(await askedAs('rebound.example')).toEqual([403, 403, 403]);
      expect(await askedAs('gantry')).toEqual([200, 200, 200]);
    }));

  it('our own page is served, and so is a link that a person typed', () =>
    withServer(async (server) => {
      const page = await exchange(server, { method: 'POST', headers: own(server.port), body: '{}' });
      const typed = await call(server, 'ListQueues', {}, { headers: { 'Sec-Fetch-Site': 'none' } });

      expect([page.status, typed.status]).toEqual([200, 200]);
      expect(page.headers).not.toHaveProperty('access-control-allow-origin');
    }));

  it('an origin that is allowed is named in answers and errors, and may ask before', () =>
    withServer(
      async (server) => {
        const headers = { Origin: 'http://app.example' };
        const answer = await call(server, 'ListQueues', {}, { headers });
        const error = await call(server, 'FooBar', {}, { headers });
        const before = await exchange(server, {
          method: 'OPTIONS',
          headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
        });
        const other = await call(server, 'ListQueues', {}, { headers: { Origin: 'http://other.example' } });

        const allowed = { 'access-control-allow-origin': 'http://app.example' };
        expect(answer).toMatchObject({ status: 200, headers: allowed });
        expect(error).toMatchObject({ status: 400, headers: allowed });
        expect(before).toMatchObject({
          status: 200,
          headers: { ...allowed, 'access-control-allow-headers': expect.stringContaining('x-amz-target') },
        });
        expect(other.status).toBe(403);
      },
      { corsOrigins: ['http://app.example'] },
    ));
});

describe('who asks, and where', () => {
  it('account and region come from the scope of the signature [0.3]', () =>
    withServer(async (server) => {
      const urls = await Promise.all(
        [scope('111122223333', 'eu-west-1'), scope('AKIDEXAMPLE', 'eu-west-1'), {}, { Authorization: 'Bearer x' }].map(
          async (headers) => {
            const answer = await call(
              server,
              'CreateQueue',
              { QueueName: 'a' },
              { headers: { Authorization: '', ...headers } },
            );
            const { output } = await call(
              server,
              'GetQueueAttributes',
              { QueueUrl: String(answer.output.QueueUrl), AttributeNames: ['QueueArn'] },
              { headers: { Authorization: '', ...headers } },
            );
            return [answer.output.QueueUrl, output.Attributes];
          },
        ),
      );

      expect(urls).toEqual([
        [`${server.url}/111122223333/a`, { QueueArn: 'arn:aws:sqs:eu-west-1:111122223333:a' }],
        [`${server.url}/000000000000/a`, { QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:a' }],
        [`${server.url}/000000000000/a`, { QueueArn: 'arn:aws:sqs:us-east-1:000000000000:a' }],
        [`${server.url}/000000000000/a`, { QueueArn: 'arn:aws:sqs:us-east-1:000000000000:a' }],
      ]);
    }));

  it('the URL of a queue names the host that the client came by [0.3]', () =>
    withServer(async (server) => {
      const headers = {
        Host: 'broker.example:9999',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'public.example',
      };

      const answer = await call(server, 'CreateQueue', { QueueName: 'a' }, { headers });

      expect(answer.output.QueueUrl).toBe('http://broker.example:9999/000000000000/a');
    }));

  it('what a proxy forwards counts where it is trusted', () =>
    withServer(
      async (server) => {
        const headers = { 'X-Forwarded-Proto': 'https, http', 'X-Forwarded-Host': 'public.example' };

        const answer = await call(server, 'CreateQueue', { QueueName: 'a' }, { headers });

        expect(answer.output.QueueUrl).toBe('https://public.example/000000000000/a');
      },
      { isProxyTrusted: true },
    ));

  it('a fixed public URL stands before everything', () =>
    withServer(
      async (server) => {
        const answer = await call(server, 'CreateQueue', { QueueName: 'a' });

        expect(answer.output.QueueUrl).toBe('https://mq.example/gantry/000000000000/a');
        expect((await call(server, 'PurgeQueue', { QueueUrl: String(answer.output.QueueUrl) })).status).toBe(200);
      },
      { publicUrl: 'https://mq.example/gantry' },
    ));

  it('where the host would say another region, the URL leads back to the queue all the same', () =>
    withServer(async (server) => {
      const headers = { Host: 'sqs.us-east-1.localhost:4566', ...scope('test', 'eu-west-1') };
      const made = await call(server, 'CreateQueue', { QueueName: 'a' }, { headers });
      const url = String(made.output.QueueUrl);

      const found = await call(
        server,
        'GetQueueAttributes',
        { QueueUrl: url, AttributeNames: ['QueueArn'] },
        { headers },
      );

      expect(url).toBe('http://sqs.us-east-1.localhost:4566/queue/eu-west-1/000000000000/a');
      expect(found.output.Attributes).toEqual({ QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:a' });
    }));
});

/** Sends bytes as they are and hears until the server closes. */
function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

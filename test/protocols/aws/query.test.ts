import { describe, expect, it } from 'vitest';
import { frontLimits } from '../../../protocols/aws/limits.ts';
import { exchange, scope } from '../sqs/call.ts';
import { callQuery, exchangeQuery } from '../sqs/query/call.ts';
import { parseXml, textAt } from '../sqs/query/xml.ts';
import type { SqsServer } from '../sqs/serve-sqs.ts';
import { withServer } from '../sqs/with-server.ts';

const namespace = 'http://queue.amazonaws.com/doc/2012-11-05/';
const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
const path = '/000000000000/a';

/** A server with the queue `a`. */
function withQueue(test: (server: SqsServer) => Promise<void>): Promise<void> {
  return withServer(async (server) => {
    await callQuery(server, 'CreateQueue', { QueueName: 'a' });
    await test(server);
  });
}

describe('answers in XML', () => {
  it('the root names operation and namespace, and the id of the request is that of the header [0.1]', () =>
    withQueue(async (server) => {
      const { root, headers, status } = await callQuery(server, 'GetQueueUrl', { QueueName: 'a' });

      expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/xml' });
      expect(root).toMatchObject({ name: 'GetQueueUrlResponse', attributes: { xmlns: namespace } });
      expect(root.children.map(({ name }) => name)).toEqual(['GetQueueUrlResult', 'ResponseMetadata']);
      expect(textAt(root, 'ResponseMetadata.RequestId')).toBe(headers['x-amzn-requestid']);
    }));

  it('an empty receive has an empty result, an operation without output none (verified) [0.1]', () =>
    withQueue(async (server) => {
      const received = await callQuery(server, 'ReceiveMessage', { QueueUrl: 'a' });
      const purged = await callQuery(server, 'PurgeQueue', { QueueUrl: 'a' });

      expect(received.text).toContain('<ReceiveMessageResult/>');
      expect(purged.root.children.map(({ name }) => name)).toEqual(['ResponseMetadata']);
    }));

  it('lists are repeated elements, maps pairs of Name and Value or Key and Value [0.1]', () =>
    withQueue(async (server) => {
      await callQuery(server, 'TagQueue', { QueueUrl: 'a', Tags: { k: 'v', l: '' } });
      const tags = await callQuery(server, 'ListQueueTags', { QueueUrl: 'a' });
      const queues = await callQuery(server, 'ListQueues', {});
      const attributes = await callQuery(server, 'GetQueueAttributes', {
        QueueUrl: 'a',
        AttributeNames: ['DelaySeconds'],
      });

      expect(tags.text).toContain(
        '<ListQueueTagsResult><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>l</Key><Value></Value></Tag></ListQueueTagsResult>',
      );
      expect(queues.text).toContain(`<ListQueuesResult><QueueUrl>${server.url}${path}</QueueUrl></ListQueuesResult>`);
      expect(attributes.text).toContain('<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>');
    }));

  it('an older version of the API is answered in its own namespace', () =>
    withQueue(async (server) => {
      const answer = await exchangeQuery(server, { body: 'Action=ListQueues&Version=2011-10-01' });

      expect(answer.root.attributes.xmlns).toBe('http://queue.amazonaws.com/doc/2011-10-01/');
    }));
});

describe('errors', () => {
  it('an error has its type, an empty detail and the id of the header (verified) [0.2]', () =>
    withQueue(async (server) => {
      const { root, headers, status } = await callQuery(server, 'SetQueueAttributes', {
        QueueUrl: 'a',
        Attributes: { Foo: '1' },
      });

      expect({ status, type: headers['content-type'] }).toEqual({ status: 400, type: 'text/xml' });
      expect(root).toMatchObject({
        name: 'ErrorResponse',
        attributes: { xmlns: namespace },
        children: [
          {
            name: 'Error',
            children: [
              { name: 'Type', text: 'Sender' },
              { name: 'Code', text: 'InvalidAttributeName' },
              { name: 'Message', text: 'Unknown Attribute Foo.' },
              { name: 'Detail', text: '', children: [] },
            ],
          },
          { name: 'RequestId', text: headers['x-amzn-requestid'] },
        ],
      });
    }));

  it('an unknown queue is said not to exist for this wsdl version (verified), with a hint [0.2, trap 1]', () =>
    withQueue(async (server) => {
      const answer = await callQuery(server, 'SendMessage', { QueueUrl: 'aa', MessageBody: 'x' });

      expect(answer).toMatchObject({
        status: 400,
        headers: { 'x-gantry-hint': 'did you mean "a"?' },
        error: {
          type: 'Sender',
          code: 'AWS.SimpleQueueService.NonExistentQueue',
          message: 'The specified queue does not exist for this wsdl version.',
        },
      });
    }));

  it.each([
    [
      'an unknown action',
      'Action=FooBar&Version=2012-11-05',
      'InvalidAction',
      'The action FooBar is not valid for this endpoint.',
    ],
    ['another case', 'Action=listqueues', 'InvalidAction', 'The action listqueues is not valid for this endpoint.'],
    [
      'markup for an action',
      'Action=%3Ca%3E%00',
      'InvalidAction',
      'The action <a>\ufffd is not valid for this endpoint.',
    ],
    ['an unknown version', 'Action=ListQueues&Version=2012-09-15', 'NoSuchVersion', undefined],
    ['another service', 'Action=Publish&Version=2010-03-31', 'NoSuchVersion', undefined],
  ])('%s is refused (verified for the first) [0.1]', (_, body, code, message) =>
    withServer(async (server) => {
      const answer = await exchangeQuery(server, { body });

      expect(answer).toMatchObject({ status: 400, error: { type: 'Sender', code } });
      if (message !== undefined) expect(answer.error?.message).toBe(message);
    }),
  );

  it.each([
    ['DelaySeconds=five', 'SendMessage'],
    ['DelaySeconds=1.5', 'SendMessage'],
    ['DelaySeconds=', 'SendMessage'],
    ['DelaySeconds=0x10', 'SendMessage'],
    ['DelaySeconds=9999999999999999', 'SendMessage'],
    [
      'MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=Binary&MessageAttribute.1.Value.BinaryValue=not+base64%21',
      'SendMessage',
    ],
    ['MessageAttribute.1.Value.DataType=String', 'SendMessage'],
    ['MaxNumberOfMessages=many', 'ReceiveMessage'],
    ['MessageAttributeName.1.x=All', 'ReceiveMessage'],
    ['Attribute.1.Value=5', 'SetQueueAttributes'],
    ['Attribute.1.Name=DelaySeconds', 'SetQueueAttributes'],
    ['Attribute.x.Name=DelaySeconds&Attribute.x.Value=5', 'SetQueueAttributes'],
    [
      'SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=m&SendMessageBatchRequestEntry.1.DelaySeconds=x',
      'SendMessageBatch',
    ],
  ])('%s is malformed for %s', (parameters, action) =>
    withQueue(async (server) => {
      const answer = await exchangeQuery(server, { body: `Action=${action}&QueueUrl=a&MessageBody=m&${parameters}` });

      expect(answer).toMatchObject({ status: 400, error: { type: 'Sender', code: 'MalformedInput' } });
    }),
  );

  it.each(['%', '%4', '%zz', '%C3', '%ff', '%ED%A0%80', '\u00ff'])('the body %j is not percent-encoded UTF-8', (text) =>
    withQueue(async (server) => {
      const body = Buffer.from(`Action=SendMessage&QueueUrl=a&MessageBody=${text}`, 'latin1');
      const answer = await exchangeQuery(server, { body });

      expect(answer).toMatchObject({ status: 404, error: { code: 'MalformedQueryString' } });
    }),
  );

  it('more parameters than any operation takes are refused', () =>
    withServer(async (server) => {
      const body = `Action=ListQueues${'&a=b'.repeat(frontLimits.formParametersMax)}`;
      const answer = await exchangeQuery(server, { body });

      expect(answer).toMatchObject({ status: 404, error: { code: 'MalformedQueryString' } });
    }));

  it('more than the server takes is refused in XML', () =>
    withServer(
      async (server) => {
        const answer = await exchangeQuery(server, { body: `Action=ListQueues&x=${'x'.repeat(200)}` });

        expect(answer).toMatchObject({ status: 413, error: { code: 'RequestEntityTooLarge' } });
      },
      { requestBytesMax: 100 },
    ));
});

describe('the URL of a queue', () => {
  it.each(['GET', 'POST'])('is asked by %s without Version and without a signature (verified) [0.1]', (method) =>
    withQueue(async (server) => {
      const inUrl = `${path}?Action=SendMessage&MessageBody=a%20b+c`;
      const sent = await exchangeQuery(server, { method, path: inUrl, headers: { Authorization: '' } });
      const received = await exchangeQuery(
        server,
        { method: 'GET', path: `${path}/?Action=ReceiveMessage` },
        'ReceiveMessage',
      );

      expect(sent.status).toBe(200);
      expect(received.output).toMatchObject({ Messages: [{ Body: 'a b c' }] });
    }),
  );

  it.each(['/queue/us-east-1/000000000000/a', '/queue/a', '/a', '/000000000000/a/'])('may be %s', (url) =>
    withQueue(async (server) => {
      const headers = form;
      const asked = await exchangeQuery(server, { path: url, headers, body: 'Action=SendMessage&MessageBody=m' });
      const read = await exchangeQuery(
        server,
        { method: 'GET', path: `${url}?Action=ReceiveMessage` },
        'ReceiveMessage',
      );

      expect(asked.status).toBe(200);
      expect(read.output).toMatchObject({ Messages: [{ Body: 'm' }] });
    }),
  );

  it.each([
    'SendMessage&MessageBody=m',
    'SendMessageBatch&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=m',
    'ReceiveMessage&VisibilityTimeout=0',
    'DeleteMessage&ReceiptHandle=<handle>',
    'DeleteMessageBatch&DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=<handle>',
    'ChangeMessageVisibility&VisibilityTimeout=5&ReceiptHandle=<handle>',
    'ChangeMessageVisibilityBatch&ChangeMessageVisibilityBatchRequestEntry.1.Id=a&ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout=5&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=<handle>',
    'GetQueueUrl&QueueName=a',
    'GetQueueAttributes&AttributeName.1=All',
    'SetQueueAttributes&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5',
    'ListDeadLetterSourceQueues',
    'TagQueue&Tag.1.Key=k&Tag.1.Value=v',
    'ListQueueTags',
    'UntagQueue&TagKey.1=k',
    'PurgeQueue',
    'DeleteQueue',
  ])('by GET serves ?Action=%s (verified for every operation of a queue) [0.1]', (asked) =>
    withQueue(async (server) => {
      await callQuery(server, 'SendMessage', { QueueUrl: 'a', MessageBody: 'm' });
      const { root } = await callQuery(server, 'ReceiveMessage', { QueueUrl: 'a' });
      const handle = encodeURIComponent(String(textAt(root, 'ReceiveMessageResult.Message.ReceiptHandle')));
      const answer = await exchangeQuery(server, {
        method: 'GET',
        path: `${path}?Action=${asked.replace('<handle>', handle)}`,
      });

      expect(answer.status, answer.text).toBe(200);
      expect(answer.text).not.toContain('BatchResultErrorEntry');
    }),
  );

  it('QueueUrl in the parameters overrides the one of the path (verified) [0.1]', () =>
    withQueue(async (server) => {
      await callQuery(server, 'CreateQueue', { QueueName: 'b' });
      await exchangeQuery(server, { path, body: 'Action=SendMessage&MessageBody=m&QueueUrl=b' });

      expect((await callQuery(server, 'ReceiveMessage', { QueueUrl: 'a' })).output).toEqual({});
      expect((await callQuery(server, 'ReceiveMessage', { QueueUrl: 'b' })).output).toMatchObject({
        Messages: [{ Body: 'm' }],
      });
    }));

  it.each([
    ['CreateQueue', 'QueueName=b'],
    ['ListQueues', ''],
  ])('%s is not valid there (verified) [0.1]', (action, more) =>
    withQueue(async (server) => {
      const answer = await exchangeQuery(server, { method: 'GET', path: `${path}?Action=${action}&${more}` });

      const message = `The action ${action} is not valid for this endpoint.`;
      expect(answer).toMatchObject({ status: 400, error: { type: 'Sender', code: 'InvalidAction', message } });
      expect((await callQuery(server, 'ListQueues', {})).output).toEqual({ QueueUrls: [`${server.url}${path}`] });
    }),
  );

  it('GetQueueUrl works there for another queue (verified) [0.1, trap 25]', () =>
    withQueue(async (server) => {
      await callQuery(server, 'CreateQueue', { QueueName: 'b' });
      const answer = await exchangeQuery(
        server,
        { method: 'GET', path: `${path}?Action=GetQueueUrl&QueueName=b` },
        'GetQueueUrl',
      );

      expect(answer.output).toEqual({ QueueUrl: `${server.url}/000000000000/b` });
    }));

  it('a missing parameter is named (verified) [0.1]', () =>
    withQueue(async (server) => {
      const answer = await exchangeQuery(server, { method: 'GET', path: `${path}?Action=SendMessage` });

      const message = 'The request must contain the parameter MessageBody.';
      expect(answer).toMatchObject({ status: 400, error: { type: 'Sender', code: 'MissingParameter', message } });
    }));

  it('a queue that was deleted does not exist for this wsdl version (verified) [0.1]', () =>
    withQueue(async (server) => {
      await exchangeQuery(server, { method: 'GET', path: `${path}?Action=DeleteQueue` });
      const answer = await exchangeQuery(server, { method: 'GET', path: `${path}?Action=ReceiveMessage` });

      const message = 'The specified queue does not exist for this wsdl version.';
      expect(answer).toMatchObject({
        status: 400,
        error: { code: 'AWS.SimpleQueueService.NonExistentQueue', message },
      });
    }));
});

describe('answers in JSON to Query requests', () => {
  it('attributes are a list of names and values (verified) [0.1]', () =>
    withQueue(async (server) => {
      const { status, headers, text } = await exchange(server, {
        path: `${path}?Action=GetQueueAttributes&AttributeName.1=DelaySeconds&AttributeName.2=VisibilityTimeout`,
        headers: { Accept: 'application/json' },
      });

      expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json' });
      expect(JSON.parse(text)).toEqual({
        GetQueueAttributesResponse: {
          GetQueueAttributesResult: {
            Attributes: [
              { Name: 'DelaySeconds', Value: '0' },
              { Name: 'VisibilityTimeout', Value: '30' },
            ],
          },
          ResponseMetadata: { RequestId: headers['x-amzn-requestid'] },
        },
      });
    }));

  it('messages are as API Gateway’s templates read them', () =>
    withQueue(async (server) => {
      await callQuery(server, 'SendMessage', {
        QueueUrl: 'a',
        MessageBody: 'm',
        MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
      });
      const headers = { Accept: 'application/json, text/plain, */*' };
      const all = '&AttributeName.1=SenderId&MessageAttributeName.1=All';
      const { text } = await exchange(server, { path: `${path}?Action=ReceiveMessage${all}`, headers });

      expect(JSON.parse(text)).toMatchObject({
        ReceiveMessageResponse: {
          ReceiveMessageResult: {
            messages: [
              {
                Body: 'm',
                Attributes: [{ Name: 'SenderId', Value: '000000000000' }],
                MessageAttributes: [{ Name: 'n', Value: { StringValue: 'v', DataType: 'String' } }],
              },
            ],
          },
        },
      });
    }));

  it('an error is an object with code, message and type (verified) [0.1]', () =>
    withServer(async (server) => {
      const { status, headers, text } = await exchange(server, {
        path: `${path}?Action=ReceiveMessage`,
        headers: { Accept: 'application/json' },
      });

      expect({ status, type: headers['content-type'] }).toEqual({ status: 400, type: 'application/json' });
      expect(JSON.parse(text)).toEqual({
        Error: {
          Code: 'AWS.SimpleQueueService.NonExistentQueue',
          Message: 'The specified queue does not exist for this wsdl version.',
          Type: 'Sender',
        },
        RequestId: headers['x-amzn-requestid'],
      });
    }));

  it.each(['*/*', 'text/xml, application/json', 'application/xml', ''])('Accept: %s is answered in XML', (Accept) =>
    withQueue(async (server) => {
      const answer = await exchangeQuery(server, { path: `${path}?Action=PurgeQueue`, headers: { Accept } });

      expect(answer.headers['content-type']).toBe('text/xml');
    }),
  );
});

describe('who asks, and from where', () => {
  it('account and region come from the scope, in the header or in a presigned URL [0.3]', () =>
    withServer(async (server) => {
      const header = scope('111122223333', 'eu-west-1');
      await callQuery(server, 'CreateQueue', { QueueName: 'a' }, { headers: header });
      const credential = encodeURIComponent('111122223333/20260101/eu-west-1/sqs/aws4_request');
      const ask = `/?Action=GetQueueUrl&QueueName=a&X-Amz-Credential=${credential}`;
      const answer = await exchange(server, { path: ask });

      expect(textAt(parseXml(answer.text), 'GetQueueUrlResult.QueueUrl')).toBe(`${server.url}/111122223333/a`);
    }));

  it.each([{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'http://evil.example' }, { Origin: 'null' }])(
    'a page of another site that asks by GET changes nothing: %j',
    (headers) =>
      withQueue(async (server) => {
        const answer = await exchangeQuery(server, { method: 'GET', path: `${path}?Action=DeleteQueue`, headers });

        expect(answer).toMatchObject({ status: 403, error: { type: 'Sender', code: 'AccessDenied' } });
        expect((await callQuery(server, 'ListQueues', {})).output).toEqual({ QueueUrls: [`${server.url}${path}`] });
      }),
  );

  it('an origin that is allowed is named in answers and errors', () =>
    withServer(
      async (server) => {
        const headers = { Origin: 'http://app.example' };
        const answer = await callQuery(server, 'ListQueues', {}, { headers });
        const error = await callQuery(server, 'PurgeQueue', { QueueUrl: 'a' }, { headers });
        const refused = await exchangeQuery(server, { body: 'Action=FooBar', headers });

        for (const each of [answer, error, refused])
          expect(each.headers['access-control-allow-origin']).toBe('http://app.example');
      },
      { corsOrigins: ['http://app.example'] },
    ));
});

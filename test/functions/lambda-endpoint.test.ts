import { expect, it, onTestFinished, test } from 'vitest';
import { createLambdaEndpoint } from '../../src/functions/lambda-endpoint.ts';
import { answering, type Endpoint, startEndpoint } from '../protocols/sns/delivery/endpoints.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const signal = new AbortController().signal;

function invokerOf(endpoint: Endpoint) {
  const invoker = createLambdaEndpoint(new URL(endpoint.url).origin);
  onTestFinished(() => invoker.stop());
  return invoker;
}

it.each([
  [202, { type: 'accepted', statusCode: 202, requestId: 'r-1' }],
  [404, { type: 'refused', statusCode: 404 }],
  [403, { type: 'refused', statusCode: 403 }],
  [429, { type: 'unavailable', statusCode: 429 }],
  [500, { type: 'unavailable', statusCode: 500 }],
])('an answer of %d is %o', async (status, expected) => {
  const endpoint = await answering(status, { 'x-amzn-requestid': 'r-1' });

  const outcome = await invokerOf(endpoint).invoke(functionArn, '{"a":1}', { isAsync: true, signal });

  expect(outcome).toMatchObject(expected);
  expect(endpoint.received).toMatchObject([
    {
      ...{ method: 'POST', url: '/2015-03-31/functions/f/invocations', body: '{"a":1}' },
      headers: { 'x-amz-invocation-type': 'Event', 'content-type': 'application/json' },
    },
  ]);
});

test('who waits for the end says so', async () => {
  const endpoint = await answering(200);

  await invokerOf(endpoint).invoke(functionArn, '{}', { isAsync: false, signal });

  expect(endpoint.received).toMatchObject([{ headers: { 'x-amz-invocation-type': 'RequestResponse' } }]);
});

test('an answer without end is cut off, and a broker that stops waits for none', async () => {
  const endless = await startEndpoint((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const silent = await startEndpoint(() => undefined);
  const stopping = new AbortController();

  const cut = await invokerOf(endless).invoke(functionArn, '{}', { isAsync: true, signal });
  const broken = invokerOf(silent).invoke(functionArn, '{}', { isAsync: true, signal: stopping.signal });
  await silent.hasReceived(1);
  stopping.abort();

  expect(cut).toMatchObject({ type: 'accepted' }); // It had said so before.
  expect(await broken).toMatchObject({ type: 'unavailable' });
});

const arnStart = 'arn:aws:lambda:us-east-1:000000000000:function:';

it.each([
  ...['\ud800', '..', '.', 'a/../../x', 'a?x=1', 'a b', 'a\0', '%2e%2e', ''].map((name) => arnStart + name),
  ...[`${arnStart}f:\ud800`, `${arnStart}f:..`, `${arnStart}f:1:2`, 'f', ''],
])('what is no ARN of a function is refused, and nobody is asked: %j', async (arn) => {
  const endpoint = await answering(202);

  const outcome = await invokerOf(endpoint).invoke(arn, '{}', { isAsync: true, signal });

  expect(outcome).toEqual({ type: 'refused', reason: 'its endpoint is no ARN of a function' });
  expect(endpoint.received).toEqual([]);
});

it.each([
  ['arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:a_B-9', '/2015-03-31/functions/a_B-9/invocations'],
  [`${arnStart}f:live`, '/2015-03-31/functions/f/invocations?Qualifier=live'],
  [`${arnStart}f:$LATEST`, '/2015-03-31/functions/f/invocations?Qualifier=%24LATEST'],
])('%s is invoked at %s', async (arn, url) => {
  const endpoint = await answering(202);

  await invokerOf(endpoint).invoke(arn, '{}', { isAsync: true, signal });

  expect(endpoint.received).toMatchObject([{ url }]);
});

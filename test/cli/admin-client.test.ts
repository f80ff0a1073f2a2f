import { expect, test } from 'vitest';
import { connect } from '../../src/cli/admin-client.ts';
import { otherBroker } from './other-broker.ts';

test('a broker that does not begin to answer is given up', async () => {
  const { endpoint } = await otherBroker(() => undefined);
  const client = await connect({ args: [], flags: { endpoint: [endpoint] } });

  await expect(client.call('GET', '/queues', {}, undefined, { answerMs: 50 })).rejects.toMatchObject({
    ...{ code: 'unavailable', message: `no broker answers at ${endpoint}: not a byte came for 0.05 s` },
  });
});

test('so is one that stops in the middle of its answer', async () => {
  const { endpoint } = await otherBroker((_request, response) => void response.write('{"queues":['));
  const client = await connect({ args: [], flags: { endpoint: [endpoint] } });

  await expect(client.call('GET', '/queues', {}, undefined, { idleMs: 50 })).rejects.toMatchObject({
    ...{ code: 'unavailable', message: "the broker's answer was cut off: not a byte came for 0.05 s" },
  });
});

test('one that answers little by little is not', async () => {
  const { endpoint } = await otherBroker((_request, response) => {
    const pieces = [...'{"queues":[]}'];
    const timer = setInterval(() => {
      const piece = pieces.shift();
      if (piece !== undefined) return void response.write(piece);
      clearInterval(timer);
      response.end();
    }, 40);
  });
  const client = await connect({ args: [], flags: { endpoint: [endpoint] } });

  expect(await client.call('GET', '/queues', {}, undefined, { answerMs: 300, idleMs: 300 })).toEqual({ queues: [] });
});

import { expect, test } from 'vitest';
import { gatherDefinitions } from '../../../../src/server/definitions/definition-files.ts';
import { readAs } from '../../../../src/server/definitions/formats.ts';

async function read(source: string, environment: Readonly<Record<string, string>> = {}) {
  const { items, remarks } = await readAs('auto', source, 'elasticmq.conf', environment);
  return { ...gatherDefinitions(items, environment).plain, remarks };
}

const whole = `
include classpath("application.conf")
include "more.conf"

node-address { protocol = http, host = localhost, port = 9324, context-path = "" }
rest-sqs { enabled = true, bind-port = 9325, bind-hostname = "0.0.0.0", sqs-limits = strict }
something-else = 1

queues {
  orders {
    defaultVisibilityTimeout = 10 seconds
    delay = 5 seconds
    receiveMessageWait = 0 seconds
    deadLettersQueue { name = "orders-dead", maxReceiveCount = 3 }
    fifo = false
    contentBasedDeduplication = false
    copyTo = "audit"
    tags { team = "a", cost = "\${X}" }
  }
  orders-dead { }
  ordered {
    fifo = true
    contentBasedDeduplication = true
    deadLettersQueue { name = dead, maxReceiveCount = 1 }
  }
  dead { fifo = true }
  odd { delay = 1500 }
}
aws { region = eu-west-1, accountId = 111111111111 }
`;

test('the queues of an elasticmq.conf come over, and all that is left out is said', async () => {
  const there = { region: 'eu-west-1', account: '111111111111' };

  expect(await read(whole)).toEqual({
    queues: [
      {
        ...{ name: 'orders', ...there, visibilityTimeout: '10s', delay: '5s', receiveWait: '0s' },
        deadLetter: { queue: 'orders-dead', after: '3' },
        tags: { team: 'a', cost: `\${X}` },
      },
      { name: 'orders-dead', ...there },
      {
        ...{ name: 'ordered.fifo', ...there, contentBasedDeduplication: 'true' },
        deadLetter: { queue: 'dead.fifo', after: '1' },
      },
      { name: 'dead.fifo', ...there },
      { name: 'odd', ...there, delay: '1s' },
    ],
    remarks: [
      'elasticmq.conf:3:1: include "more.conf" is not followed: name that file as well',
      'elasticmq.conf:5:1: node-address is left out: queue URLs follow the address that each request names; --public-url fixes them',
      'elasticmq.conf:6:12: rest-sqs.enabled is left out: Gantry has its own options',
      'elasticmq.conf:6:28: rest-sqs.bind-port is left out: start Gantry with --http-port 9325',
      'elasticmq.conf:6:46: rest-sqs.bind-hostname is left out: start Gantry with --host 0.0.0.0',
      'elasticmq.conf:6:73: rest-sqs.sqs-limits is left out: Gantry has its own options',
      'elasticmq.conf:7:1: something-else is left out: Gantry has nothing like it',
      'elasticmq.conf:29:16: the queues are put into the region eu-west-1',
      'elasticmq.conf:17:5: queue "orders": copyTo is left out: a queue of Gantry does not send its messages on by itself',
    ],
  });
});

test('variables and defaults for many queues are put in', async () => {
  const source = `
    base { defaultVisibilityTimeout = 1 minute }
    queues { "a" = \${base} { delay = \${?DELAY} }, b = \${base} }`;

  expect(await read(source, { DELAY: '3 s' })).toMatchObject({
    queues: [
      { name: 'a', visibilityTimeout: '60s', delay: '3s' },
      { name: 'b', visibilityTimeout: '60s' },
    ],
  });
});

test.each([
  ['queues { a { delay = soon } }', 'elasticmq.conf:1:22: expected a duration, such as 10 seconds'],
  ['queues { a = 1 }', 'elasticmq.conf:1:14: expected the settings of queue "a": { ... }'],
  ['queues = 1', 'elasticmq.conf:1:10: expected queues by name: name { ... }'],
  ['queues { a { deadLettersQueue { name = b } } }', ':1:31: deadLettersQueue lacks the key "maxReceiveCount"'],
])('%s is refused with its place', async (source, message) => {
  await expect(read(source)).rejects.toThrow(message);
});

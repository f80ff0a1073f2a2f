import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { Gate } from '../../../protocols/aws/gate.ts';
import { createAwsFront } from '../../../protocols/aws/index.ts';
import type { AwsService, Call, Operation } from '../../../protocols/aws/service.ts';
import { errorOf } from '../../../protocols/sns/errors.ts';
import { createUsers } from '../../../src/security/users.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { user } from '../../support/users.ts';
import { exchange } from '../sqs/call.ts';
import { listen } from '../sqs/serve-sqs.ts';
import { signed } from './sigv4/sign.ts';

const key = { id: 'AKIAADA', secret: 's' };
const clock = createFakeClock();

function operation(name: string, isOpen: boolean): Operation {
  const serve = async ({ principal }: Call) => JSON.stringify([principal.name, principal.act?.name ?? 'no act']);
  const query = {
    spelling: { inputs: new Map(), outputs: new Map() },
    ...{ isForRootOnly: false, serveXml: async (call: Call) => `<a>${await serve(call)}</a>` },
  };
  return { name, isOpen, serveJson: serve, query };
}

const service: AwsService = {
  ...{ targetPrefix: 'Test', namespace: 'com.test', signingName: 'test', errorOf },
  actOf: (name) => ({ name: `test:${name}`, action: 'manage' }),
  operations: [operation('Confirm', true), operation('Other', false)],
  query: { versions: ['1'], xmlNamespaceOf: () => 'test', hasDetail: false, textOf: ({ message }) => message },
};

/** @returns what the handler was told of who asks, or the answer's status */
async function ask(name: string, how: 'unsigned' | 'signed' | 'wrong'): Promise<string | number | undefined> {
  const users = createUsers([user('ada', { accessKeys: [key] })]);
  const gates = { current: new Gate({ users, clock, isProxyTrusted: false }) };
  const front = createAwsFront({ services: [service], report: () => undefined, gates });
  const server = createServer((request, response) => void front.handle(request, response));
  const port = await listen(server);
  try {
    const path = `/?Action=${name}`;
    const headers = { Host: `127.0.0.1:${port}` };
    const signing = { keyId: key.id, secret: how === 'wrong' ? 'guess' : key.secret, at: clock.now(), service: 'test' };
    const request = { method: 'GET', url: path, headers, body: '' };
    const answer = await exchange({ port }, { path, headers: how === 'unsigned' ? headers : signed(request, signing) });
    return /<a>(.*)<\/a>/.exec(answer.text)?.[1] ?? answer.status;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it('a link that nobody signs reaches an open operation as the anonymous, with nothing for policies to judge', async () => {
  expect(await ask('Confirm', 'unsigned')).toBe('["anonymous","no act"]');
  expect(await ask('Other', 'unsigned')).toBe('["anonymous","test:Other"]');
});

it('who signs an open operation is who he is, and a wrong signature is refused', async () => {
  expect(await ask('Confirm', 'signed')).toBe('["ada","test:Confirm"]');
  expect(await ask('Confirm', 'wrong')).toBe(403);
});

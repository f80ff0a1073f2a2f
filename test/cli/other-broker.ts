import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { startProcess } from '../support/launch.ts';

export interface OtherBroker {
  readonly endpoint: string;
  /** `DELETE /_gantry/queues/a`, as they came. */
  readonly asked: readonly string[];
  run(...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Something that is asked as a broker is, and answers what the test wants. */
export async function otherBroker(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<OtherBroker> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const endpoint = `http://127.0.0.1:${isBound(address) ? address.port : 0}`;
  return {
    endpoint,
    asked,
    run: async (...args) => {
      const { exited, output, child } = startProcess(args, { env: { GANTRY_ENDPOINT: endpoint } });
      onTestFinished(() => void child.kill('SIGKILL'));
      const { code } = await exited;
      return { code, ...output() };
    },
  };
}

/** Always the same JSON. */
export function answering(value: unknown, status = 200): Promise<OtherBroker> {
  return otherBroker((_request, response) => void response.writeHead(status).end(JSON.stringify(value)));
}

function isBound(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

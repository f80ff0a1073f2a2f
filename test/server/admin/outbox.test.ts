import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createOutbox } from '../../../src/server/admin/outbox.ts';
import { openSocket } from '../setup.ts';

/** More than the buffers of a connection take, so that what is not read stays with us. */
const answerBytes = 24 * 1024 * 1024;

async function startServer(bytesMax: number) {
  const outbox = createOutbox(bytesMax);
  const asked: ServerResponse[] = [];
  const server = createServer((_, response) => {
    asked.push(response);
    server.emit('asked');
    outbox.end(response, 'x'.repeat(answerBytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  onTestFinished(() => server.closeAllConnections());
  const { port }: AddressInfo = JSON.parse(JSON.stringify(server.address()));
  const url = `http://127.0.0.1:${port}/`;
  const ask = async () => {
    const { socket, closed } = openSocket(url);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(server, 'asked');
    return { socket, closed };
  };
  return { url, asked, ask };
}

test('of answers that nobody reads the oldest is cut off, and who reads has all', async () => {
  const { url, asked, ask } = await startServer(2.5 * answerBytes);
  const first = await ask();
  await ask();
  expect(asked.map(({ destroyed }) => destroyed)).toEqual([false, false]);

  const text = await (await fetch(url)).text();

  expect(text).toHaveLength(answerBytes);
  expect(asked.map(({ destroyed }) => destroyed).slice(0, 2)).toEqual([true, false]);
  first.socket.resume();
  await first.closed;
});

test('answers that were read count no more', async () => {
  const { url, asked, ask } = await startServer(2.5 * answerBytes);
  const first = await ask();
  for (let at = 0; at < 4; at++) expect(await (await fetch(url)).text()).toHaveLength(answerBytes);
  expect(asked[0]?.destroyed).toBe(false);
  first.socket.destroy();
});

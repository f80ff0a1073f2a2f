import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseOptions } from '../../bench/options.ts';
import { type Look, lookUntil } from '../../bench/program/look.ts';
import { runGantry } from '../../bench/program/run-command.ts';
import { SteadySender } from '../../bench/program/steady-sender.ts';
import { runBenchmark } from '../../bench/run.ts';
import { LatencyHistogram } from '../../src/cli/bench/histogram.ts';

async function program(...words: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-program-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const usual = ['--short', '--rounds', '1', '--seconds', '0.1', '--work-folder', folder];
  const lines: string[] = [];
  const code = await runBenchmark('program', parseOptions([...usual, ...words]).options, (line) => lines.push(line));
  return { code, printed: lines.join('\n'), left: await readdir(folder) };
}

/** @param answer what a server does in a broker's place */
async function serverThat(answer: RequestListener) {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { name: 'server', host: '127.0.0.1', port: address.port, pid: 0, stop: async () => undefined };
}

test('looks at a filled queue are held against nobody looking, and leave nothing behind', async () => {
  const { code, printed, left } = await program('--case', 'looks', '--depths', '2000');

  for (const look of ['peek without rest', 'peek, filter that finds nothing', 'top', 'backup'])
    expect(printed).toMatch(new RegExp(`p99 of SendMessage to the same queue, ${look}, over nobody +<= 2\\.00 `));
  expect(printed).toContain('2000 waiting');
  expect(printed).not.toContain('FAILED');
  expect(code).toBe(0);
  expect(left).toEqual([]);
});

test('the library is started anew in a process of its own, first and later', async () => {
  const { code, printed } = await program('--case', 'library');

  expect(printed).toMatch(/first startGantry in memory, its import included +<= 300 ms /);
  expect(printed).toMatch(/later startGantry on a folder +<= 300 ms /);
  expect(code).toBe(0);
});

test('a case that does not exist is an error that names those that do', async () => {
  await expect(program('--case', 'look')).rejects.toThrow(
    '--case look: choose from commands, library, definitions, looks',
  );
});

test('a pause of the server shows in every message that was due in it', async () => {
  const pauseMs = 300;
  const held: ServerResponse[] = [];
  let requests = 0;
  const resume = () => {
    for (const response of held) response.end('{}');
  };
  const server = await serverThat((_, response) => {
    requests++;
    if (requests !== 20 && requests !== 21) response.end('{}');
    else if (held.push(response) === 2) setTimeout(resume, pauseMs);
  });
  const sender = new SteadySender();
  const settings = { endpoint: server, queueUrls: [`http://${server.host}/q`], connections: 2, perSecond: 200 };
  await sender.answer({ ask: 'open', ...settings });

  const reply = await sender.answer({ ask: 'run', ms: 600 });

  const [lane] = reply?.lanes ?? [];
  const latencies = new LatencyHistogram(lane?.latencyCounts);
  expect(lane?.sent).toBe(120);
  expect(latencies.quantile(1) / 1000).toBeGreaterThanOrEqual(pauseMs - 5);
  // Sixty were due in those 300 ms: a third of them waited for 200 ms and more, though two requests were under way.
  expect(latencies.quantile(1 - 15 / 120) / 1000).toBeGreaterThan(pauseMs / 2);
  expect(reply?.failures).toEqual([]);
});

test('an answer that is not 200 ends a run, and the figures are void', async () => {
  const server = await serverThat((_, response) => response.writeHead(503).end('full'));
  const sender = new SteadySender();
  await sender.answer({ ask: 'open', endpoint: server, queueUrls: ['http://q'], connections: 1, perSecond: 100 });

  const reply = await sender.answer({ ask: 'run', ms: 20_000 });

  expect(reply?.failures[0]).toBe('status 503: full');
});

const look: Look = { name: 'top', method: 'GET', path: '/queues', pauseMs: 0, isOnce: true };

test('a look that is refused is an error', async () => {
  const server = await serverThat((_, response) => response.writeHead(404).end());

  await expect(lookUntil(server, look, AbortSignal.timeout(5000))).rejects.toThrow('GET /queues: status 404');
});

test('a look whose answer is cut off is an error', async () => {
  const server = await serverThat((_, response) => {
    response.writeHead(200, { 'Content-Length': '10' }).write('four', () => response.destroy());
  });

  await expect(lookUntil(server, look, AbortSignal.timeout(5000))).rejects.toThrow(/aborted|hang up/);
});

test('a command that fails is an error with what it said', async () => {
  await expect(runGantry(['no-such-command'], tmpdir())).rejects.toThrow(
    /ended with 2: gantry: unknown command 'no-such-command'/,
  );
});

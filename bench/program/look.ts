/** What a person does who looks at a broker while others work with it. */
import { Agent, request as httpRequest } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Subject } from '../../src/cli/bench/subject.ts';

export interface Look {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** Below `/_gantry`. */
  readonly path: string;
  /** From the end of one to the next; a watcher's, or 0 for one after the other. */
  readonly pauseMs: number;
  /** Once in a turn, which lasts until it is done. */
  readonly isOnce: boolean;
}

export function looksAt(queue: string): readonly Look[] {
  const messages = `/queues/${queue}/messages?max=100`;
  const usual = { method: 'GET', pauseMs: 0, isOnce: false } as const;
  return [
    { ...usual, name: 'peek without rest', path: messages },
    { ...usual, name: 'peek, ten a second', path: messages, pauseMs: 100 },
    { ...usual, name: 'peek, filter that finds nothing', path: `${messages}&filter=${encodeURIComponent('no=such')}` },
    { ...usual, name: 'top', path: '/queues', pauseMs: 1000 },
    { ...usual, name: 'backup', path: '/backup', method: 'POST', isOnce: true },
  ];
}

/** One client, one connection. @returns how long each look took. @throws Error on any status but 200 */
export async function lookUntil(subject: Subject, look: Look, signal: AbortSignal): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const tookMs: number[] = [];
  try {
    do {
      const startedAt = performance.now();
      const status = await statusOf(subject, look, agent);
      if (status !== 200) throw new Error(`${look.method} ${look.path}: status ${status}`);
      tookMs.push(performance.now() - startedAt);
      if (!look.isOnce) await pause(look.pauseMs, undefined, { signal }).catch(() => undefined);
    } while (!signal.aborted && !look.isOnce);
  } finally {
    agent.destroy();
  }
  return tookMs;
}

/** Reads the answer to its end, and keeps nothing of it: a backup is as large as the store. */
function statusOf(subject: Subject, { method, path }: Look, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const { host, port } = subject;
    const options = { host, port, method, path: `/_gantry${path}`, agent };
    const request = httpRequest(options, (answer) => {
      const announced = Number(answer.headers['content-length'] ?? Number.NaN);
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.once('error', reject);
      answer.once('end', () => {
        if (Number.isNaN(announced) || bytes === announced) resolve(answer.statusCode ?? 0);
        else reject(new Error(`${method} ${path}: ${bytes} of ${announced} bytes came`));
      });
    });
    request.once('error', reject);
    request.end();
  });
}

/** Where `gantry bench` measures: a broker of its own in a folder that goes away, or one that runs. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '../../model/errors.ts';
import { Unreachable } from '../exit-codes.ts';
import { fetchText } from '../health.ts';
import { startBroker } from './broker.ts';
import { callSqs, createQueue } from './sqs.ts';
import type { Subject } from './subject.ts';

export interface Stage {
  readonly subject: Subject;
  /** A queue of its own, gone with the stage. */
  newQueue(): Promise<string>;
  /** Takes away all that was made. */
  end(): Promise<void>;
}

/** @param folder on the disk that is to be measured */
export async function ownStage(folder: string): Promise<Stage> {
  const own = await mkdtemp(join(folder, 'gantry-bench-'));
  const remove = (): void => rmSync(own, { recursive: true, force: true });
  process.once('exit', remove); // Ended by a signal.
  const subject = await startBroker({ dataFolder: join(own, 'data') }).catch((error: unknown) => {
    remove();
    throw error;
  });
  const end = async (): Promise<void> => {
    try {
      await subject.stop();
    } finally {
      remove();
      process.off('exit', remove);
    }
  };
  return { subject, newQueue: () => createQueue(subject, queueName()), end };
}

/** @throws GantryError when no broker answers there, or one that asks for signatures */
export async function runningStage(endpoint: string): Promise<Stage> {
  const { status } = await fetchText(new URL('/health', endpoint));
  if (status !== 200) throw new Unreachable('unavailable', `what answers at ${endpoint} does not serve: ${status}`);
  const { hostname, port } = new URL(endpoint);
  const subject: Subject = {
    ...{ name: endpoint, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || '80'), pid: 0 },
    stop: () => Promise.resolve(),
  };
  const made: Promise<string>[] = []; // Promises, so that one which is just being made is removed as well.
  return {
    subject,
    newQueue: () => {
      const url = createQueue(subject, queueName()).catch((error: unknown) => {
        throw refused(endpoint, error);
      });
      made.push(url);
      return url;
    },
    end: async () => {
      for (const one of await Promise.allSettled(made.splice(0)))
        if (one.status === 'fulfilled') await callSqs(subject, 'DeleteQueue', { QueueUrl: one.value });
    },
  };
}

function refused(endpoint: string, error: unknown): unknown {
  if (!/ 40[013] /.test(String(error))) return error;
  return new GantryError('access-denied', `${endpoint} refuses requests without a signature`, {
    hint: 'gantry bench measures brokers without users; without --endpoint it starts one of its own',
    cause: error,
  });
}

function queueName(): string {
  return `gantry-bench-${randomBytes(6).toString('hex')}`;
}

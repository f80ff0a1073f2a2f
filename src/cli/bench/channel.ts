/** A child process that answers one request after the other; it ends when its parent does. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Channel<Request, Reply> {
  readonly pid: number;
  ask(request: Request): Promise<Reply>;
  stop(): Promise<void>;
}

type Answer<Reply> = { readonly reply: Reply } | { readonly error: string };

/** @param module a compiled module that calls `answerParent` with the same types */
export async function openChannel<Request extends object, Reply>(module: URL): Promise<Channel<Request, Reply>> {
  const child = fork(fileURLToPath(module), {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${module.pathname} did not start`);
  return { pid, ask: (request) => ask<Request, Reply>(child, request), stop: () => stop(child) };
}

function ask<Request extends object, Reply>(child: ChildProcess, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`process ${child.pid} ended with ${code} before it answered`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer<Reply>) => {
      child.off('exit', onExit);
      if ('error' in answer) reject(new Error(answer.error));
      else resolve(answer.reply);
    });
    child.send(request);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
}

/** The child's side. */
export function answerParent<Request, Reply>(answer: (request: Request) => Promise<Reply>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (request: Request) => {
    answer(request).then(
      (reply) => process.send?.({ reply }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

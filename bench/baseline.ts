import { openChannel } from '../src/cli/bench/channel.ts';
import type { Subject } from '../src/cli/bench/subject.ts';
import type { BaselineOptions } from './baseline/options.ts';

/** The fair baseline in a process of its own; baseline/server.ts says what makes it fair. */
export async function startBaseline(options: BaselineOptions, name = 'baseline'): Promise<Subject> {
  const channel = await openChannel<BaselineOptions, number>(new URL('./baseline/process.js', import.meta.url));
  const port = await channel.ask(options);
  return { name, host: '127.0.0.1', port, pid: channel.pid, stop: () => channel.stop() };
}

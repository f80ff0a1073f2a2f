import { type Channel, openChannel } from './channel.ts';
import type { LoadReply, LoadRequest, Plan } from './load/plan.ts';
import type { Subject } from './subject.ts';

/** A load generator in a process of its own, so that its processor time is not the server's. */
export class Load {
  private readonly channel: Channel<LoadRequest, LoadReply | undefined>;

  private constructor(channel: Channel<LoadRequest, LoadReply | undefined>) {
    this.channel = channel;
  }

  static async start(): Promise<Load> {
    return new Load(await openChannel(new URL('./load/process.js', import.meta.url)));
  }

  /** Connects; what was open before is closed. */
  async open(subject: Subject, connections: number, plan: Plan): Promise<void> {
    const { host, port, protocol = 'json', credentials } = subject;
    const endpoint = { host, port, protocol, ...(credentials === undefined ? {} : { credentials }) };
    await this.channel.ask({ ask: 'open', endpoint, connections, plan });
  }

  async run(ms: number, messagesMax?: number): Promise<LoadReply> {
    const reply = await this.channel.ask({ ask: 'run', ms, ...(messagesMax === undefined ? {} : { messagesMax }) });
    if (reply === undefined) throw new Error('the load generator answered a run without figures');
    return reply;
  }

  async close(): Promise<void> {
    await this.channel.ask({ ask: 'close' });
  }

  stop(): Promise<void> {
    return this.channel.stop();
  }
}

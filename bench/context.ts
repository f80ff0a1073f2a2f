/** What a benchmark is handed: its options, a generator, folders that go away, and servers that are stopped. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Broker, startBroker } from '../src/cli/bench/broker.ts';
import type { Credentials } from '../src/cli/bench/load/endpoint.ts';
import { Load } from '../src/cli/bench/load.ts';
import { createQueue } from '../src/cli/bench/sqs.ts';
import type { Subject } from '../src/cli/bench/subject.ts';
import type { Place } from '../src/cli/bench/turn.ts';
import type { BaselineOptions } from './baseline/options.ts';
import { startBaseline } from './baseline.ts';
import type { BenchOptions } from './options.ts';

export class Context {
  readonly options: BenchOptions;
  readonly folder: string;
  private readonly planted: BaselineOptions['planted'];
  private readonly services: { stop(): Promise<void> }[] = [];
  private folders = 0;

  private constructor(options: BenchOptions, folder: string, planted: BaselineOptions['planted']) {
    this.options = options;
    this.folder = folder;
    this.planted = planted;
  }

  /** Runs `work` and leaves nothing behind, whatever becomes of it. */
  static async use<T>(
    options: BenchOptions,
    work: (context: Context) => Promise<T>,
    planted?: BaselineOptions['planted'],
  ): Promise<T> {
    const folder = await mkdtemp(join(options.workFolder, 'gantry-bench-'));
    const context = new Context(options, folder, planted);
    const removeFolder = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', removeFolder); // Ended by a signal.
    const [worked] = await Promise.allSettled([work(context)]);
    const stopped = await Promise.allSettled(context.services.map((service) => service.stop()));
    process.off('exit', removeFolder);
    await rm(folder, { recursive: true, force: true });
    // A broker that died says why when it is stopped; the work only says that nobody answered.
    const errors = [...stopped, worked].flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
    if (worked.status === 'fulfilled' && errors.length === 0) return worked.value;
    throw new Error(errors.join('\n'), worked.status === 'rejected' ? { cause: worked.reason } : {});
  }

  /** A part with services and folders of its own, gone before the next part begins. */
  nested<T>(work: (context: Context) => Promise<T>): Promise<T> {
    return Context.use({ ...this.options, workFolder: this.folder }, work, this.planted);
  }

  newFolder(): string {
    return join(this.folder, `data-${++this.folders}`);
  }

  async startLoad(): Promise<Load> {
    return this.keep(await Load.start());
  }

  async startBaseline(storage: BaselineOptions['storage'], name = 'baseline'): Promise<Subject> {
    return this.keep(await startBaseline({ storage }, name));
  }

  async startBroker(dataFolder: string, name = 'gantry'): Promise<Broker> {
    return this.keep(await startBroker({ dataFolder, name }));
  }

  /** A broker that has one user, who may do everything with queues, and asks for signatures. */
  async startBrokerWithUser({ id, secret }: Credentials): Promise<Subject> {
    const configFile = join(this.folder, 'gantry.yaml');
    const statement = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
    const users = [{ name: 'bench', 'access-keys': [{ id, secret }], policy: [statement] }];
    await writeFile(configFile, JSON.stringify({ users })); // JSON is YAML.
    const broker = await startBroker({ dataFolder: this.newFolder(), name: 'gantry', configFile });
    return { ...this.keep(broker), credentials: { id, secret } };
  }

  /** The broker, or a baseline in its place with --against-itself. */
  async startSubject(storage: BaselineOptions['storage'], name = 'gantry'): Promise<Subject> {
    if (!this.options.isAgainstItself) return await this.startBroker(this.newFolder(), name);
    const { planted } = this;
    return this.keep(await startBaseline({ storage, ...(planted === undefined ? {} : { planted }) }, name));
  }

  async newPlace(subject: Subject, queue: string): Promise<Place> {
    return { subject, queueUrl: await createQueue(subject, queue), stored: 0, isWarm: false };
  }

  /** Stopped when the benchmark ends, in whatever way. */
  keep<T extends { stop(): Promise<void> }>(service: T): T {
    this.services.push(service);
    return service;
  }
}

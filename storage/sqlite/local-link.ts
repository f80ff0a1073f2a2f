import { Engine, type GroupAnswer } from './engine.ts';
import type { EngineLink, LinkOptions, Opened } from './link.ts';
import type { Post } from './post.ts';

/** The engine in this thread: what tests stop at a named step, and a tool that fills a folder. */
export class LocalLink implements EngineLink {
  onAnswer: (answer: GroupAnswer) => void = () => undefined;
  onBroken: (error: Error) => void = () => undefined;
  private readonly options: LinkOptions;
  private engine: Engine | undefined;
  private posts: Post[] = [];
  private isClosed = false;

  constructor(options: LinkOptions) {
    this.options = options;
  }

  async open(): Promise<Opened> {
    const engine = new Engine(this.options);
    this.engine = engine;
    const { receiptKey, queueIdFrom, migrated } = engine;
    return { receiptKey, queueIdFrom, migrated };
  }

  post(post: Post): void {
    this.posts.push(post);
    if (this.posts.length === 1) setImmediate(() => this.run());
  }

  async commitAll(): Promise<void> {
    this.engine?.commitAll();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    if (this.posts.length > 0) this.run();
    this.isClosed = true;
    this.engine?.close();
  }

  private run(): void {
    const { posts, engine } = this;
    this.posts = [];
    if (engine === undefined || this.isClosed || posts.length === 0) return;
    try {
      this.onAnswer(engine.commitGroup(posts));
      engine.checkpointIfLong();
      if (engine.debt > 0) engine.sweep();
    } catch (error) {
      this.isClosed = true;
      this.onBroken(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** What arrived at a receiver of a test, to be taken one by one, each as soon as it is there. */
export class Inbox<T> {
  private readonly arrived: T[] = [];
  private readonly waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const taker = this.waiting.shift();
    if (taker === undefined) this.arrived.push(item);
    else taker(item);
  }

  /** The oldest that nobody has taken; the time limit of the test is how long it waits. */
  take(): Promise<T> {
    const item = this.arrived.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** All that nobody has taken. */
  rest(): readonly T[] {
    return this.arrived.splice(0);
  }
}

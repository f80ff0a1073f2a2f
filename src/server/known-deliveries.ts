import type { Delivery, Receipt } from '../../storage/store.ts';

/**
 * Whoever settles names a receipt alone. What was told of its delivery is remembered here, for listeners; the oldest is
 * forgotten first, so that consumers who never settle fill no memory.
 */
export class KnownDeliveries<Fact> {
  private readonly factsByReceipt = new Map<Receipt, Fact>();
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  note({ receipt }: Pick<Delivery, 'receipt'>, fact: Fact): void {
    this.factsByReceipt.delete(receipt);
    this.factsByReceipt.set(receipt, fact);
    if (this.factsByReceipt.size <= this.max) return;
    const [oldest] = this.factsByReceipt.keys();
    if (oldest !== undefined) this.factsByReceipt.delete(oldest);
  }

  /** It stays known: a consumer may extend a lease many times. */
  find(receipt: Receipt): Fact | undefined {
    return this.factsByReceipt.get(receipt);
  }

  forget(receipt: Receipt): void {
    this.factsByReceipt.delete(receipt);
  }
}

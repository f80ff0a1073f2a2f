import { Readable } from 'node:stream';
import { tailLimits } from './limits.ts';

/**
 * Lines for one reader. What it does not take waits in a bounded buffer; what finds no room there is counted, and the
 * reader hears the count in its place.
 */
export class Feed extends Readable {
  private waiting: string[] = [];
  private characters = 0;
  private missed = 0;
  private isWanted = false;
  private isOver = false;

  constructor() {
    super({ encoding: 'utf8' });
  }

  /** @param line made only where there is room for it */
  offer(line: () => string): void {
    if (this.isOver) return;
    if (this.waiting.length >= tailLimits.linesMax || this.characters >= tailLimits.charactersMax) {
      this.missed++;
      return;
    }
    const text = `${line()}\n`;
    this.waiting.push(text);
    this.characters += text.length;
    if (this.isWanted) this.give();
  }

  /** An empty line; only while nothing waits. */
  beat(): void {
    if (this.isWanted && !this.isOver) this.isWanted = this.push('\n');
  }

  finish(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.give();
    this.push(null);
  }

  override _read(): void {
    this.isWanted = true;
    if (this.waiting.length > 0) this.give();
  }

  private give(): void {
    if (this.missed > 0) this.waiting.push(`${JSON.stringify({ kind: 'missed', count: this.missed })}\n`);
    const text = this.waiting.join('');
    this.waiting = [];
    this.characters = 0;
    this.missed = 0;
    if (text !== '') this.isWanted = this.push(text);
  }
}

/**
 * Builds an answer as bytes, in a buffer that grows. Frugal (bench/cycle): message bodies are copied from the store's bytes
 * into the answer, escaped on the way, and never become JavaScript strings, which is what a receive spent most of its time
 * and garbage on. What escaping means is the format's: json-writer.ts, xml-writer.ts.
 */
export class ByteWriter {
  protected bytes: Buffer;
  protected length = 0;

  /** @param bytesExpected the buffer grows when this was too little; a good guess saves the copies. */
  constructor(bytesExpected: number) {
    this.bytes = Buffer.allocUnsafe(bytesExpected);
  }

  /** Text of the format as it is. */
  text(text: string): void {
    this.reserve(text.length * 3); // No UTF-16 unit takes more than three bytes of UTF-8.
    this.length += this.bytes.write(text, this.length);
  }

  /** The same of ASCII characters alone. */
  ascii(text: string): void {
    this.reserve(text.length);
    this.length += this.bytes.write(text, this.length, 'latin1');
  }

  /** The answer; the writer is done with. */
  take(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** Bytes that stand for themselves. */
  protected copy(text: Uint8Array): void {
    this.reserve(text.length);
    this.bytes.set(text, this.length);
    this.length += text.length;
  }

  protected reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

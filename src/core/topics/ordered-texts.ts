/**
 * Distinct texts in their order, in pieces: one more or one less moves the rest of its piece alone, however many there are,
 * and a page is read from any place without looking at what stands before it.
 */
export class OrderedTexts {
  /** None is empty. */
  private readonly pieces: string[][] = [];

  get isEmpty(): boolean {
    return this.pieces.length === 0;
  }

  add(text: string): void {
    const at = Math.min(this.pieceOf(text), this.pieces.length - 1);
    const piece = this.pieces[at];
    if (piece === undefined) {
      this.pieces.push([text]);
      return;
    }
    const place = firstFrom(piece.length, (index) => (piece[index] ?? '') >= text);
    if (piece[place] === text) return;
    if (piece.length < pieceMax) piece.splice(place, 0, text);
    // Records are read in their order: pieces that grow at their end stay full.
    else if (place === piece.length) this.pieces.splice(at + 1, 0, [text]);
    else {
      const half = piece.splice(piece.length >>> 1);
      this.pieces.splice(at + 1, 0, half);
      this.add(text);
    }
  }

  remove(text: string): void {
    const at = this.pieceOf(text);
    const piece = this.pieces[at];
    if (piece === undefined) return;
    const place = firstFrom(piece.length, (index) => (piece[index] ?? '') >= text);
    if (piece[place] !== text) return;
    piece.splice(place, 1);
    if (piece.length === 0) this.pieces.splice(at, 1);
  }

  /** Those behind `text`; undefined: all. Nothing may be added or removed while they are read. */
  *after(text: string | undefined): Iterable<string> {
    let at = text === undefined ? 0 : this.pieceOf(text);
    const first = this.pieces[at];
    if (first === undefined) return;
    let place = text === undefined ? 0 : firstFrom(first.length, (index) => (first[index] ?? '') > text);
    for (let piece: string[] | undefined = first; piece !== undefined; piece = this.pieces[++at]) {
      for (; place < piece.length; place++) yield piece[place] ?? '';
      place = 0;
    }
  }

  /** Index of the first piece that ends with `text` or behind it. */
  private pieceOf(text: string): number {
    return firstFrom(this.pieces.length, (index) => (this.pieces[index]?.at(-1) ?? '') >= text);
  }
}

const pieceMax = 512;

/** The first of `count` indexes for which `isReached` holds, as it does for all behind it. */
function firstFrom(count: number, isReached: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isReached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

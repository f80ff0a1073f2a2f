import { printable } from './printable.ts';

/** A bar on a terminal for what takes longer than a second; nothing anywhere else, and nothing for what is quick. */
export interface Progress {
  /** @param done of `total`; a total of 0: nobody knows how much it is */
  show(text: string, done: number, total: number): void;
  /** Takes the bar away. */
  end(): void;
}

const silentMs = 1_000;
const everyMs = 100;
const barColumns = 30;
const clearLine = '\r\u001b[K';

export function createProgress(output: NodeJS.WriteStream = process.stderr): Progress {
  const beganAt = performance.now();
  let shownAt = 0;
  return {
    show: (text, done, total) => {
      const now = performance.now();
      if (output.isTTY !== true || now - beganAt < silentMs || now - shownAt < everyMs) return;
      shownAt = now;
      output.write(`${clearLine}${barOf(printable(text), done, total)}`);
    },
    end: () => {
      if (shownAt > 0) output.write(clearLine);
    },
  };
}

export function barOf(text: string, done: number, total: number): string {
  if (total <= 0) return `${text} ...`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * barColumns);
  return `${text} [${'#'.repeat(filled)}${'.'.repeat(barColumns - filled)}] ${Math.floor(share * 100)} %`;
}

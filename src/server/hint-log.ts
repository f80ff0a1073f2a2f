import type { Log } from './log.ts';

/** Different hints remembered; then it starts anew. */
const hintsMax = 1_000;

/** Each hint once: whoever repeats a mistake a thousand times a second must not fill the log with it. */
export function createHintLog(log: Pick<Log, 'warn'>): (hint: string) => void {
  const told = new Set<string>();
  return (hint) => {
    if (told.has(hint)) return;
    if (told.size >= hintsMax) told.clear();
    told.add(hint);
    log.warn('request-hint', { hint });
  };
}

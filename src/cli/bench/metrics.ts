import type { Subject } from './subject.ts';

/** Commits that the broker's store has made, by its own metrics; undefined where it has none (the baseline). */
export function readCommits(subject: Subject): Promise<number | undefined> {
  return readMetric(subject, /^gantry_\w*commits_total(?:\{[^}]*\})? (\d+)/m);
}

/** What the store has still to take away of messages that are gone; undefined where there is no such thing. */
export function readReclaimPending(subject: Subject): Promise<number | undefined> {
  return readMetric(subject, /^gantry_store_reclaim_pending (\d+)/m);
}

async function readMetric(subject: Subject, pattern: RegExp): Promise<number | undefined> {
  const response = await fetch(`http://${subject.host}:${subject.port}/metrics`, {
    headers: { Connection: 'close' },
  }).catch(() => undefined);
  if (response === undefined) return undefined;
  const text = await response.text();
  const found = response.status === 200 ? pattern.exec(text)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

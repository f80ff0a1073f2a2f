import type { Subject } from './subject.ts';

/** Commits that the broker's store has made, by its own metrics; undefined where it has none (the baseline). */
export async function readCommits(subject: Subject): Promise<number | undefined> {
  const response = await fetch(`http://${subject.host}:${subject.port}/metrics`, {
    headers: { Connection: 'close' },
  }).catch(() => undefined);
  if (response === undefined) return undefined;
  const text = await response.text();
  const found = response.status === 200 ? /^gantry_\w*commits_total(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

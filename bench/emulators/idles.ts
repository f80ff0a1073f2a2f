/** What long polls cost that wait for nothing. */
import { measureCrowd } from '../idle.ts';
import { figure, range } from '../report.ts';
import type { Part, Stage } from './stage.ts';

export async function idleCase({ context, subjects }: Stage): Promise<Part> {
  const { isShort } = context.options;
  const polls = isShort ? 200 : 1000;
  const rows: string[][] = [];
  const failures: string[] = [];
  for (const subject of subjects) {
    const crowd = await measureCrowd(context, subject, { polls, windows: 1, windowMs: isShort ? 1000 : 10_000 });
    rows.push([subject.name, range(crowd.coreShares), figure(crowd.kibEach[0])]);
    failures.push(...crowd.failures.map((failure) => `${subject.name}: ${failure}`));
  }
  const head = ['variant', '% of a core', 'KiB resident each'];
  return { tables: [{ title: `idle: ${polls} long polls that wait`, head, rows }], goals: [], notes: [], failures };
}

import type { Subject } from '../src/cli/bench/subject.ts';

/** The same process, asked in the Query protocol; it is stopped once. */
export function byQuery(subject: Subject): Subject {
  return { ...subject, name: `${subject.name} Query`, protocol: 'query', stop: async () => {} };
}

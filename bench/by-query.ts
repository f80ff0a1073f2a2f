import { createQueue } from './sqs.ts';
import type { Subject } from './subject.ts';

/** The same process, asked in the Query protocol. @returns undefined when it does not speak it */
export async function byQuery(subject: Subject): Promise<Subject | undefined> {
  const other: Subject = { ...subject, name: `${subject.name} Query`, protocol: 'query', stop: async () => {} };
  const speaks = await createQueue(other, 'query').then(
    () => true,
    () => false,
  );
  return speaks ? other : undefined;
}

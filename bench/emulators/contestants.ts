/** Who takes part: the broker, durable, asked in both protocols and once more as the control; and each emulator that can be had. */

import type { Subject } from '../../src/cli/bench/subject.ts';
import { byQuery } from '../by-query.ts';
import type { Context } from '../context.ts';
import { startElasticMq } from './elasticmq.ts';
import { startFauxqs } from './fauxqs.ts';
import { startGoAws } from './goaws.ts';
import { LeftOut } from './install.ts';

export interface Contestants {
  readonly subjects: readonly Subject[];
  /** In words: who takes no part, and why. */
  readonly leftOut: readonly string[];
}

export async function startContestants(context: Context): Promise<Contestants> {
  const gantry = await context.startSubject('array');
  // The baseline that may stand in for it does not speak Query.
  const subjects = context.options.isAgainstItself ? [gantry] : [gantry, byQuery(gantry)];
  const leftOut: string[] = [];
  const emulators: Readonly<Record<string, () => Promise<Subject>>> = {
    ElasticMQ: () => startElasticMq(context.folder),
    GoAWS: () => startGoAws(context.folder),
    fauxqs: () => startFauxqs('fauxqs', undefined),
    'fauxqs SQLite': () => startFauxqs('fauxqs SQLite', context.newFolder()),
  };
  for (const [name, start] of Object.entries(emulators)) {
    try {
      subjects.push(context.keep(await start()));
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error;
      leftOut.push(`${name} takes no part: ${error.message}`);
    }
  }
  subjects.push(await context.startSubject('array', 'control'));
  return { subjects, leftOut };
}

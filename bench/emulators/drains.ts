/** How fast a backlog goes, when it is shallow and when it is deep. */

import type { Subject } from '../../src/cli/bench/subject.ts';
import type { Place } from '../../src/cli/bench/turn.ts';
import { drainTurn } from '../drain.ts';
import { figure } from '../report.ts';
import { interleave } from '../rounds.ts';
import { controlNote, cpuGoal, failuresOf, rateGoal, syncNote, type TurnsByName, turnTable } from '../turn-table.ts';
import { clear, nameFor, type Part, type Stage } from './stage.ts';
import { goalsOf } from './wanted.ts';

/** Whoever cannot be filled or drained in that time is measured by what it did. */
const fillMsMax = 150_000;
const drainMsMax = 3_000;
const ownAtDepth = 0.9;

export async function drainCase(stage: Stage): Promise<Part> {
  const { context, connections } = stage;
  const { isShort, depths: wanted } = context.options;
  const depths = wanted.length > 0 ? wanted : isShort ? [2000, 4000] : [10_000, 200_000];
  const settings = { load: stage.load, folder: context.folder, connections, msMax: isShort ? 500 : drainMsMax };
  const messages = isShort ? 800 : 8000;
  const notes: string[] = [];
  const variants: {
    readonly name: string;
    readonly depth: number;
    readonly turn: () => ReturnType<typeof drainTurn>;
  }[] = [];
  const places: Place[] = [];
  for (const depth of depths)
    for (const subject of stage.subjects) {
      const place = await context.newPlace(subject, nameFor(subject, `drain-${depth}`));
      places.push(place);
      const filled = await fill(stage, place, depth);
      if (filled.why !== undefined) {
        notes.push(`${nameAt(subject, depth)} is left out: ${filled.why}`);
        continue;
      }
      const turn = () => drainTurn(place, { ...settings, messages });
      await turn(); // The compiler's first second.
      variants.push({ name: nameAt(subject, depth), depth, turn });
    }
  const turnsByName = await interleave(variants, stage.rounds);
  await clear(places);
  const [shallow = 0, ...deeper] = depths;
  const goals = deeper.flatMap((depth) => {
    const own = {
      turnsByName,
      of: `gantry ${depth}`,
      to: `gantry ${shallow}`,
      what: `drain: gantry at ${figure(depth)} over itself at ${figure(shallow)}`,
    };
    return [rateGoal(own, ownAtDepth), cpuGoal(own, 1 / ownAtDepth), ...goalsOf('drain', atDepth(turnsByName, depth))];
  });
  return {
    tables: [turnTable(`drain: receive and delete by tens, ${connections} connections, so many waiting`, turnsByName)],
    goals,
    notes: [
      ...notes,
      controlNote({ turnsByName, of: `control ${shallow}`, to: `gantry ${shallow}`, what: 'drain' }),
      syncNote(turnsByName),
    ],
    failures: failuresOf(turnsByName),
  };
}

function nameAt(subject: Subject, depth: number): string {
  return `${subject.name} ${depth}`;
}

/** The turns at one depth, by the names of the contestants. */
function atDepth(turnsByName: TurnsByName, depth: number): TurnsByName {
  const ending = ` ${depth}`;
  return new Map(
    [...turnsByName].flatMap(([name, turns]) =>
      name.endsWith(ending) ? [[name.slice(0, -ending.length), turns] as const] : [],
    ),
  );
}

async function fill(
  { load, connections }: Stage,
  place: Place,
  depth: number,
): Promise<{ readonly why: string | undefined }> {
  await load.open(place.subject, connections, { do: 'send', queueUrl: place.queueUrl, entries: 10 });
  const reply = await load.run(fillMsMax, depth);
  await load.close();
  place.stored += reply.sent;
  if (reply.failures.length > 0) throw new Error(`${place.subject.name}: ${reply.failures.join()}`);
  const isFull = reply.sent >= depth;
  return { why: isFull ? undefined : `it took only ${figure(reply.sent)} messages in ${fillMsMax / 1000} s` };
}

/** The cases that are a load in a closed loop, the same for everybody. */
import type { Plan } from '../../src/cli/bench/load/plan.ts';
import { measureTurn } from '../../src/cli/bench/turn.ts';
import { interleave } from '../rounds.ts';
import { controlNote, failuresOf, syncNote, turnTable } from '../turn-table.ts';
import { clear, nameFor, type Part, type Stage } from './stage.ts';
import { goalsOf } from './wanted.ts';

export interface LoopCase {
  readonly title: string;
  readonly queue: string;
  /** Fewer than the usual ones. */
  readonly connections?: number;
  readonly messagesMax?: number;
  plan(queueUrl: string): Plan;
}
const groups = 1000;
export const loopCases: Readonly<Record<string, LoopCase>> = {
  one: {
    title: 'SendMessage',
    queue: 'one',
    plan: (queueUrl) => ({ do: 'send', queueUrl, entries: 1 }),
  },
  batch: {
    title: 'SendMessageBatch of 10',
    queue: 'batch',
    plan: (queueUrl) => ({ do: 'send', queueUrl, entries: 10 }),
  },
  cycle: {
    title: 'send, receive, delete by tens',
    queue: 'cycle',
    plan: (queueUrl) => ({ do: 'cycle', queueUrl }),
  },
  fifo: {
    title: 'the same on FIFO with 1,000 message groups',
    queue: 'cycle.fifo',
    plan: (queueUrl) => ({ do: 'cycle', queueUrl, groups }),
  },
  wake: {
    title: 'from a send to the receiver that waits for it: a round of SendMessage, ReceiveMessage, DeleteMessageBatch',
    queue: 'wake',
    connections: 2,
    messagesMax: 40,
    plan: (queueUrl) => ({ do: 'wake', queueUrl }),
  },
};
export async function loopCase(stage: Stage, name: string, which: LoopCase): Promise<Part> {
  const { context, load, subjects } = stage;
  const { warmMs, runMs } = context.options;
  const { connections = stage.connections, messagesMax } = which;
  const variants = [];
  const places = [];
  for (const subject of subjects) {
    const place = await context.newPlace(subject, nameFor(subject, which.queue));
    places.push(place);
    const settings = { load, plan: which.plan(place.queueUrl), connections, warmMs, runMs, folder: context.folder };
    const limited = { ...settings, ...(messagesMax === undefined ? {} : { messagesMax }) };
    variants.push({ name: subject.name, turn: () => measureTurn(place, limited) });
  }
  const turnsByName = await interleave(variants, stage.rounds);
  await clear(places);
  return {
    tables: [turnTable(`${name}: ${which.title}, ${connections} connections`, turnsByName)],
    goals: goalsOf(name, turnsByName),
    notes: [controlNote({ turnsByName, of: 'control', to: 'gantry', what: name }), syncNote(turnsByName)],
    failures: failuresOf(turnsByName),
  };
}

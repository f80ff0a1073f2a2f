/** The whole life of a message by batches of ten: send, receive, delete. Against an array in memory, and FIFO against standard. */

import type { Plan } from '../src/cli/bench/load/plan.ts';
import { measureTurn } from '../src/cli/bench/turn.ts';
import type { Context } from './context.ts';
import type { Outcome } from './report.ts';
import { interleave } from './rounds.ts';
import { controlNote, cpuGoal, failuresOf, rateGoal, syncNote, turnTable } from './turn-table.ts';

const connections = 64;
const groups = 1000;

export async function benchCycle(context: Context): Promise<Outcome> {
  const { options, folder } = context;
  const load = await context.startLoad();
  const gantry = await context.startSubject('array');
  const places = [
    { name: 'array', place: await context.newPlace(await context.startBaseline('array', 'array'), 'cycle') },
    { name: 'gantry', place: await context.newPlace(gantry, 'cycle') },
    { name: 'gantry FIFO', place: await context.newPlace(gantry, 'cycle.fifo'), groups },
    { name: 'control', place: await context.newPlace(await context.startBaseline('array', 'control'), 'cycle') },
  ];
  const variants = places.map(({ name, place, groups }) => {
    const plan: Plan = { do: 'cycle', queueUrl: place.queueUrl, ...(groups === undefined ? {} : { groups }) };
    const settings = { load, plan, folder, connections, warmMs: options.warmMs, runMs: options.runMs };
    return { name, turn: () => measureTurn(place, settings) };
  });
  const turnsByName = await interleave(variants, options.rounds);
  const toArray = { turnsByName, of: 'gantry', to: 'array', what: 'cycle by tens, over an array in memory' };
  const toStandard = { turnsByName, of: 'gantry FIFO', to: 'gantry', what: 'FIFO with 1,000 groups, over standard' };
  return {
    benchmark: 'cycle',
    tables: [turnTable('send, receive, delete by tens, 64 connections', turnsByName)],
    goals: [rateGoal(toArray, 0.6), rateGoal(toStandard, 0.7), cpuGoal(toStandard, 1 / 0.7)],
    notes: [controlNote({ turnsByName, of: 'control', to: 'array', what: 'cycle' }), syncNote(turnsByName)],
    failures: failuresOf(turnsByName),
  };
}

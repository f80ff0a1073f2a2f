import type { Load } from '../src/cli/bench/load.ts';
import { measureTurn, type Place, type Turn } from '../src/cli/bench/turn.ts';

export interface DrainSettings {
  readonly load: Load;
  readonly folder: string;
  readonly connections: number;
  /** Taken by count, not by time: a shallow queue would soon be empty. */
  readonly messages: number;
  /** For what does not get that far. */
  readonly msMax: number;
  readonly groups?: number;
}
const refillMsMax = 120_000;

/** Receives and deletes so many, then sends as many again, which is not measured: the queue keeps its depth. */
export async function drainTurn(place: Place, settings: DrainSettings): Promise<Turn> {
  const { load, connections, groups } = settings;
  const { queueUrl } = place;
  const drain = await measureTurn(place, {
    load,
    folder: settings.folder,
    connections,
    warmMs: 0,
    plan: { do: 'drain', queueUrl },
    runMs: settings.msMax,
    messagesMax: settings.messages,
  });
  await load.open(place.subject, connections, {
    do: 'send',
    queueUrl,
    entries: 10,
    ...(groups === undefined ? {} : { groups }),
  });
  const refill = await load.run(refillMsMax, drain.messages);
  await load.close();
  place.stored += refill.sent;
  return { ...drain, failures: [...drain.failures, ...refill.failures] };
}

/** What a publish costs as its subscribers grow, and what filters cost that keep most of them out. */
import type { Plan } from '../src/cli/bench/load/plan.ts';
import { callSns, readTally, totalOf } from '../src/cli/bench/sqs.ts';
import { ratios } from '../src/cli/bench/statistics.ts';
import type { Subject } from '../src/cli/bench/subject.ts';
import { measureTurn, type Place } from '../src/cli/bench/turn.ts';
import type { Context } from './context.ts';
import type { Goal, Outcome } from './report.ts';
import { interleave } from './rounds.ts';
import { failuresOf, syncNote, type TurnsByName, turnTable } from './turn-table.ts';

const connections = 64;
const wantedEvent = 'wanted';
const matching = 10;

interface TopicPlace {
  readonly name: string;
  readonly place: Place;
  readonly plan: Plan;
  /** Those that get each message. */
  readonly queueUrls: readonly string[];
}

/** Deliveries a second with 1, 10 and 100 queues subscribed; 10,000 subscriptions of which 10 want a message. */
export async function benchPublish(context: Context): Promise<Outcome> {
  const { options, folder } = context;
  if (options.isAgainstItself) throw new Error('publish has no baseline to stand in for the broker');
  const load = await context.startLoad();
  const subject = await context.startBroker(context.newFolder());
  const others = options.isShort ? 1_000 : 10_000;
  const topics = [
    await subscribed(context, subject, 'to1', 1),
    await subscribed(context, subject, 'to10', 10),
    await subscribed(context, subject, 'to100', 100),
    await filtered(context, subject, 'ten alone', 0),
    await filtered(context, subject, 'ten of many', others),
  ];
  const variants = topics.map(({ name, place, plan }) => ({
    name,
    turn: () => measureTurn(place, { load, plan, folder, connections, warmMs: options.warmMs, runMs: options.runMs }),
  }));
  const turnsByName = await interleave(variants, options.rounds);
  const failures = [...failuresOf(turnsByName), ...(await unequal(subject, topics))];
  return {
    benchmark: 'publish',
    tables: [turnTable(`publishes by ones, 1 KiB, ${connections} connections; signed envelopes`, turnsByName)],
    goals: [growth(turnsByName, 10, 1), growth(turnsByName, 100, 6), ...filterCost(turnsByName, others)],
    notes: [syncNote(turnsByName)],
    failures,
  };
}

async function subscribed(context: Context, subject: Subject, name: string, count: number): Promise<TopicPlace> {
  const topicArn = await createTopic(subject, name);
  const queueUrls: string[] = [];
  for (let index = 0; index < count; index++) {
    const place = await context.newPlace(subject, `${name}-${index}`);
    queueUrls.push(place.queueUrl);
    await subscribe(subject, topicArn, `${name}-${index}`, undefined);
  }
  return placeOf(subject, name, topicArn, queueUrls, undefined);
}

/** Ten queues want the event; each of `others` subscriptions wants one of its own, all into one queue. */
async function filtered(context: Context, subject: Subject, title: string, others: number): Promise<TopicPlace> {
  const name = title.replaceAll(' ', '-');
  const topicArn = await createTopic(subject, name);
  const queueUrls: string[] = [];
  for (let index = 0; index < matching; index++) {
    const place = await context.newPlace(subject, `${name}-${index}`);
    queueUrls.push(place.queueUrl);
    await subscribe(subject, topicArn, `${name}-${index}`, [wantedEvent, `also-${index}`]);
  }
  const chunk = 100;
  for (let from = 0; from < others; from += chunk) {
    const some = Array.from({ length: Math.min(chunk, others - from) }, (_, index) => from + index);
    await Promise.all(some.map((index) => subscribe(subject, topicArn, `${name}-other-${index}`, [`event-${index}`])));
  }
  return placeOf(subject, title, topicArn, queueUrls, wantedEvent);
}

function placeOf(
  subject: Subject,
  name: string,
  topicArn: string,
  queueUrls: readonly string[],
  event: string | undefined,
): TopicPlace {
  const [queueUrl = ''] = queueUrls;
  const plan = { do: 'publish', queueUrl, topicArn, ...(event === undefined ? {} : { event }) } as const;
  return { name, place: { subject, queueUrl, stored: 0, isWarm: false }, plan, queueUrls };
}

async function createTopic(subject: Subject, name: string): Promise<string> {
  const answer = await callSns(subject, { Action: 'CreateTopic', Name: name });
  return /<TopicArn>([^<]+)</.exec(answer)?.[1] ?? '';
}

async function subscribe(
  subject: Subject,
  topicArn: string,
  queue: string,
  events: readonly string[] | undefined,
): Promise<void> {
  const [arn = ''] = topicArn.split(/:[^:]+$/);
  const policy = {
    'Attributes.entry.1.key': 'FilterPolicy',
    'Attributes.entry.1.value': JSON.stringify({ event: events }),
  };
  await callSns(subject, {
    ...{
      Action: 'Subscribe',
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: `${arn.replace(':sns:', ':sqs:')}:${queue}`,
    },
    ...(events === undefined ? {} : policy),
  });
}

/** Each subscribed queue must hold as many as the first, which every turn has checked. */
async function unequal(subject: Subject, topics: readonly TopicPlace[]): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { place, queueUrls } of topics) {
    for (const queueUrl of queueUrls) {
      const found = totalOf(await readTally(subject, queueUrl));
      if (found !== place.stored) failures.push(`${place.stored} copies must be in ${queueUrl}, ${found} are`);
    }
  }
  return failures;
}

/** Deliveries a second, over those with one subscriber. */
function growth(turnsByName: TurnsByName, subscribers: number, limit: number): Goal {
  const values = ratios(
    (turnsByName.get(`to${subscribers}`) ?? []).map(({ rate }) => rate * subscribers),
    (turnsByName.get('to1') ?? []).map(({ rate }) => rate),
  );
  const what = `deliveries a second to ${subscribers} queues, over those to one`;
  return { what, is: 'at-least', limit, values };
}

function filterCost(turnsByName: TurnsByName, others: number): readonly Goal[] {
  const alone = turnsByName.get('ten alone') ?? [];
  const many = turnsByName.get('ten of many') ?? [];
  const what = `a publish to 10 of ${others + matching} filters, over those 10 alone`;
  const time = ratios(
    many.map(({ rate }) => 1 / rate),
    alone.map(({ rate }) => 1 / rate),
  );
  const cpu = ratios(
    many.map(({ cpuUs }) => cpuUs ?? 0),
    alone.map(({ cpuUs }) => cpuUs ?? 0),
  );
  return [
    { what: `${what}: time`, is: 'at-most', limit: 2, values: time },
    { what: `${what}: CPU`, is: 'at-most', limit: 2, values: cpu },
  ];
}

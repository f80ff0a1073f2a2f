/** What a ReplayPolicy says, and what becomes of it [sqs-sns 2.12]. */
import type { Broker, ReplaySpan, ReplayState } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { SubscriptionAddress } from '../../src/model/topic.ts';
import { snsError } from './errors.ts';
import { snsLimits } from './limits.ts';

/**
 * @returns undefined: an empty text, or an object without keys, ends a replay
 * @throws GantryError `invalid-argument` with what follows "Invalid parameter: "
 */
export function readReplayPolicy(policy: string): ReplaySpan | undefined {
  if (policy === '') return undefined;
  if (policy.length > snsLimits.replayPolicyCharactersMax) throw refusal('the policy is too long');
  const fields = fieldsOf(policy);
  if (fields.size === 0) return undefined;
  for (const name of fields.keys()) if (!names.has(name)) throw refusal(`Unknown attribute [${name.slice(0, 100)}]`);
  if (fields.get('PointType') !== 'Timestamp') throw refusal('PointType must be Timestamp');
  const from = instantOf(fields, 'StartingPoint');
  if (from === undefined) throw refusal('StartingPoint is required');
  const to = instantOf(fields, 'EndingPoint');
  if (to !== undefined && to <= from) throw refusal('EndingPoint must be later than StartingPoint');
  return { from, to };
}

/**
 * After the policy was stored with its subscription. In place of a replay that runs; with `only if there is none` a request
 * that is repeated begins no second one.
 * @throws AwsError `ReplayLimitExceeded`; GantryError `access-denied`, `not-found`, and what `readReplayPolicy` throws, also
 * where the topic has no archive
 */
export async function applyReplayPolicy(
  { topics: { replays } }: Pick<Broker, 'topics'>,
  principal: Principal,
  subscription: SubscriptionAddress,
  policy: string,
  how: 'anew' | 'only if there is none' = 'anew',
): Promise<void> {
  const span = readReplayPolicy(policy);
  if (span === undefined) return replays.end(principal, subscription);
  if (how === 'only if there is none' && replays.stateOf(subscription) !== undefined) return;
  try {
    await replays.begin(principal, subscription, span);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    if (error.code === 'limit-exceeded') throw snsError('ReplayLimitExceededException', 'Replay limit exceeded');
    throw error.code === 'unsupported' ? refusal('the topic has no ArchivePolicy') : error;
  }
}

/** ReplayStatus as GetSubscriptionAttributes shows it; undefined: there is no replay. */
export function replayStatusOf(
  { topics: { replays } }: Pick<Broker, 'topics'>,
  subscription: SubscriptionAddress,
): string | undefined {
  const state = replays.stateOf(subscription);
  return state && statusByState[state];
}

const statusByState = {
  pending: 'Pending',
  running: 'In progress',
  completed: 'Completed',
  failed: 'Failed',
} as const satisfies Record<ReplayState, string>;

const names: ReadonlySet<string> = new Set(['PointType', 'StartingPoint', 'EndingPoint']);

function fieldsOf(policy: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(policy);
  } catch {
    throw refusal('failed to parse JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal('failed to parse JSON.');
  return new Map(Object.entries(value));
}

/** A date of ISO 8601 with its time; without a zone it is in UTC. */
function instantOf(fields: ReadonlyMap<string, unknown>, name: string): number | undefined {
  const value = fields.get(name);
  if (value === undefined || value === null) return undefined;
  const [, text, zone = 'Z'] = (typeof value === 'string' && isoPattern.exec(value)) || [];
  const instant = Date.parse(`${text}${zone}`);
  if (Number.isNaN(instant)) throw refusal(`${name} is not a timestamp of ISO 8601`);
  return instant;
}

const isoPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?$/;

function refusal(what: string): GantryError {
  return new GantryError('invalid-argument', `ReplayPolicy: ${what}`);
}

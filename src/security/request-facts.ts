import type { Instant } from '../model/clock.ts';
import type { Principal, Resource } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Asker } from './policy/question.ts';

export interface Circumstances {
  readonly principal: Principal;
  readonly asker: Asker;
  readonly resource: Resource;
  readonly queue: Queue | undefined;
  readonly now: Instant;
}
type Fact = (circumstances: Circumstances) => string | undefined;

/** The condition keys that a request has here [IAM global condition keys]. The others are absent, as `Null` can tell. */
const facts: ReadonlyMap<string, Fact> = new Map<string, Fact>([
  ['aws:sourceip', ({ principal }) => principal.act?.remoteAddress],
  [
    'aws:securetransport',
    ({ principal }) => (principal.act === undefined ? undefined : String(principal.act.isEncrypted)),
  ],
  ['aws:currenttime', ({ now }) => new Date(now).toISOString()],
  ['aws:epochtime', ({ now }) => String(Math.floor(now / 1000))],
  ['aws:principalarn', ({ asker }) => (asker.isAnonymous ? undefined : asker.arn)],
  ['aws:principalaccount', ({ asker }) => (asker.isAnonymous ? undefined : asker.account)],
  ['aws:principaltype', ({ asker }) => (asker.isAnonymous ? 'Anonymous' : 'User')],
  ['aws:username', userName],
  ['aws:userid', userName],
  ['aws:requestedregion', ({ resource }) => (resource.type === 'broker' ? undefined : resource.region)],
  ['aws:resourceaccount', ({ resource }) => (resource.type === 'broker' ? undefined : resource.account)],
]);
const resourceTag = 'aws:resourcetag/';

/** @param key in any case, which tells apart only tags that differ in nothing else */
export function factsOf(key: string, circumstances: Circumstances): string | undefined {
  const plain = key.toLowerCase();
  if (plain.startsWith(resourceTag)) return tagOf(circumstances.queue, key.slice(resourceTag.length));
  return facts.get(plain)?.(circumstances);
}

function userName({ principal }: Circumstances): string | undefined {
  return principal.isAnonymous ? undefined : principal.name;
}

function tagOf(queue: Queue | undefined, key: string): string | undefined {
  const tags = queue?.tags ?? {};
  if (Object.hasOwn(tags, key)) return tags[key];
  const plain = key.toLowerCase();
  return Object.entries(tags).find(([name]) => name.toLowerCase() === plain)?.[1];
}

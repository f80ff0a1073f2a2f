import type { Instant } from '../model/clock.ts';
import type { Principal, Resource } from '../model/principal.ts';
import type { Asker } from './policy/question.ts';
import { resourceArn } from './resource-arn.ts';
import type { PolicyHolder } from './resource-policies.ts';

export interface Circumstances {
  readonly principal: Principal;
  readonly asker: Asker;
  readonly resource: Resource;
  /** The resource, where it is there. */
  readonly holder: PolicyHolder | undefined;
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
  ['aws:principalarn', ({ asker }) => (isUser(asker) ? asker.arn : undefined)],
  ['aws:principalaccount', ({ asker }) => (isUser(asker) ? asker.account : undefined)],
  ['aws:principaltype', principalType],
  ['aws:username', userName],
  ['aws:userid', userName],
  ['aws:requestedregion', ({ resource }) => (resource.type === 'broker' ? undefined : resource.region)],
  ['aws:resourceaccount', ({ resource }) => (resource.type === 'broker' ? undefined : resource.account)],
  ['aws:principalisawsservice', ({ asker }) => String(asker.services !== undefined)],
  ['aws:principalservicename', ({ asker }) => asker.services?.[0]],
  ['aws:sourcearn', ({ principal: { topic } }) => topic && resourceArn({ type: 'topic', ...topic })],
  ['aws:sourceaccount', ({ principal }) => principal.topic?.account],
  ['aws:sourceowner', ({ principal }) => principal.topic?.account], // An older name of the same.
]);
const resourceTag = 'aws:resourcetag/';
const ofSource: ReadonlySet<string> = new Set(['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceowner']);

/** Whether the fact hangs on who asks alone, a topic being another than the next; the others on the request besides. */
export function isOfAsker(key: string): boolean {
  return ofSource.has(key.toLowerCase());
}

/** @param key in any case, which tells apart only tags that differ in nothing else */
export function factsOf(key: string, circumstances: Circumstances): string | undefined {
  const plain = key.toLowerCase();
  if (plain.startsWith(resourceTag)) return tagOf(circumstances.holder, key.slice(resourceTag.length));
  return facts.get(plain)?.(circumstances);
}

function userName({ principal }: Circumstances): string | undefined {
  return principal.isAnonymous || principal.topic !== undefined ? undefined : principal.name;
}

function principalType({ asker }: Circumstances): string | undefined {
  if (asker.isAnonymous) return 'Anonymous';
  return isUser(asker) ? 'User' : undefined;
}

function isUser({ isAnonymous, services }: Asker): boolean {
  return !isAnonymous && services === undefined;
}

function tagOf(holder: PolicyHolder | undefined, key: string): string | undefined {
  const tags = holder?.tags ?? {};
  if (Object.hasOwn(tags, key)) return tags[key];
  const plain = key.toLowerCase();
  return Object.entries(tags).find(([name]) => name.toLowerCase() === plain)?.[1];
}

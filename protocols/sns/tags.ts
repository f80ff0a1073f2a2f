import type { Members } from '../aws/members.ts';
import { invalid, mustNotBeNull, snsError } from './errors.ts';
import { snsLimits } from './limits.ts';

type Tags = Readonly<Record<string, string>>;

/** Letters, digits and spaces of any script, and these signs [AWS tag restrictions]. */
const charactersPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** AWS's own tags begin so, in any case; nobody else may set or take away one. */
const reservedPattern = /^aws:/i;

/** @returns undefined: none were given. @throws AwsError `InvalidParameter`, `ValidationError`, `TagLimitExceeded` */
export function readTags(members: Members): Tags | undefined {
  const given = members.structures('Tags');
  if (given === undefined) return undefined;
  const tags = new Map<string, string>();
  for (const [at, tag] of given.entries()) {
    const key = partOf(tag, 'Key', at);
    const value = partOf(tag, 'Value', at);
    if (tags.has(key)) throw invalid('Duplicated keys are not allowed.');
    checkTagKey(key);
    if (value.length > snsLimits.tagValueCharactersMax || !charactersPattern.test(value)) throw badTag('value', value);
    tags.set(key, value);
  }
  return withTags({}, Object.fromEntries(tags));
}

/** What also goes for the key of a tag that is to go. @throws AwsError `InvalidParameter` */
export function checkTagKey(key: string): void {
  if (key === '' || key.length > snsLimits.tagKeyCharactersMax || !charactersPattern.test(key))
    throw badTag('key', key);
  if (reservedPattern.test(key))
    throw invalid('Tags Reason: aws: prefixed tag key names are not allowed for external use.');
}

/** Both together, the new over the old. @throws AwsError `TagLimitExceeded` */
export function withTags(tags: Tags, more: Tags): Tags {
  // From entries, which defines each key as the tag's own, `__proto__` too.
  const all = Object.fromEntries([...Object.entries(tags), ...Object.entries(more)]);
  if (Object.keys(all).length <= snsLimits.tagsMax) return all;
  throw snsError('TagLimitExceededException', 'Could not complete request: tag quota of per resource exceeded');
}

/** Whether a topic has all of them; it may have more (verified) [sqs-sns 2.2]. */
export function hasTags(tags: Tags, wanted: Tags): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(tags, key) && tags[key] === value);
}

function partOf(tag: Members, name: 'Key' | 'Value', at: number): string {
  const text = tag.text(name);
  if (text === undefined) throw mustNotBeNull(`tags.${at + 1}.member.${name.toLowerCase()}`);
  return text;
}

function badTag(part: 'key' | 'value', text: string) {
  const { tagKeyCharactersMax, tagValueCharactersMax } = snsLimits;
  const bounds = part === 'key' ? `1 to ${tagKeyCharactersMax}` : `0 to ${tagValueCharactersMax}`;
  return invalid(
    `Tags Reason: the tag ${part} [${text.slice(0, 100)}] must be ${bounds} letters, digits, spaces and _ . : / = + - @`,
  );
}

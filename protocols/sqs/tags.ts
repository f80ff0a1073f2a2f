import { AwsError } from '../aws/errors.ts';
import { sqsError } from './errors.ts';
import { sqsLimits } from './limits.ts';

type Tags = Readonly<Record<string, string>>;

/** Letters, digits and spaces of any script, and these signs [SQS developer guide, tag restrictions]. */
const charactersPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
/** AWS's own tags begin so, in any case; nobody else may set or take away one. */
const reservedPattern = /^aws:/i;

/** Tags of a queue from pairs; a later pair overwrites an earlier one. @throws AwsError `InvalidParameterValue` */
export function readTags(pairs: readonly (readonly [string, string])[], queueName: string): Tags {
  for (const [key, value] of pairs) {
    checkTagKey(key);
    if (!charactersPattern.test(key)) throw invalid(`Tag keys ${characters}`);
    if (value.length > sqsLimits.tagValueCharactersMax) {
      throw invalid('Tag values must be between 0 and 256 characters in length.');
    }
    if (!charactersPattern.test(value)) throw invalid(`Tag values ${characters}`);
  }
  return withTags({}, Object.fromEntries(pairs), queueName);
}

/** @returns what is wrong with tags, in AWS's words; undefined: nothing */
export function tagsProblem(pairs: readonly (readonly [string, string])[]): string | undefined {
  try {
    readTags(pairs, '');
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

/** What also goes for the key of a tag that is to go. @throws AwsError `InvalidParameterValue` */
export function checkTagKey(key: string): void {
  if (key.length < 1 || key.length > sqsLimits.tagKeyCharactersMax) {
    throw invalid('Tag keys must be between 1 and 128 characters in length.');
  }
  if (reservedPattern.test(key)) throw invalid('Tag keys may not begin with "aws:", which is reserved.');
}

/** Both together, the new over the old. @throws AwsError `InvalidParameterValue` */
export function withTags(tags: Tags, more: Tags, queueName: string): Tags {
  // From entries, which defines each key as the tag's own, `__proto__` too.
  const all = Object.fromEntries([...Object.entries(tags), ...Object.entries(more)]);
  if (Object.keys(all).length > sqsLimits.tagsMax) throw invalid(`Too many tags added for queue ${queueName}.`);
  return all;
}

const characters = 'can only include letters, digits, whitespace and the characters _ . : / = + - @';

function invalid(message: string) {
  return sqsError('InvalidParameterValueException', message);
}

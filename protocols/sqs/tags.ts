import { forbiddenCharacters, hasForbiddenCharacter } from './characters.ts';
import { sqsError } from './errors.ts';
import { sqsLimits } from './limits.ts';

/** Tags of a queue from pairs; a later pair overwrites an earlier one. @throws AwsError `InvalidParameterValue` */
export function readTags(
  pairs: readonly (readonly [string, string])[],
  queueName: string,
): Readonly<Record<string, string>> {
  for (const [key, value] of pairs) {
    if (key.length < 1 || key.length > sqsLimits.tagKeyCharactersMax) {
      throw invalid('Tag keys must be between 1 and 128 characters in length.');
    }
    if (value.length > sqsLimits.tagValueCharactersMax) {
      throw invalid('Tag values must be between 0 and 256 characters in length.');
    }
    // A lone surrogate has no UTF-8, and the others no XML, in which tags are answered too.
    if (hasForbiddenCharacter(key) || hasForbiddenCharacter(value)) throw invalid(forbiddenCharacters);
  }
  const tags = Object.fromEntries(pairs); // Defines each key as the tag's own, `__proto__` too.
  if (Object.keys(tags).length > sqsLimits.tagsMax) throw invalid(`Too many tags added for queue ${queueName}.`);
  return tags;
}

function invalid(message: string) {
  return sqsError('InvalidParameterValueException', message);
}

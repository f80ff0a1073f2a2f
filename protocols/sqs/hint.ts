import type { Catalogue } from '../../src/core/catalogue.ts';
import type { QueueAddress } from '../../src/model/queue.ts';
import { ownLimits } from './limits.ts';
import { isQueueName } from './names.ts';

/**
 * What the developer may have meant by a queue that is not there: the same name in another account or region, the usual
 * mistake with local endpoints, or a name that is one letter off.
 * @param mayKnow whether who asks may learn of that other queue
 */
export function hintFor(
  address: QueueAddress,
  catalogue: Catalogue,
  mayKnow: (other: QueueAddress) => boolean,
): string | undefined {
  if (!isQueueName(address.name)) return undefined; // Never echo what a header cannot carry.
  let looked = 0;
  let questions = 0;
  let similar: QueueAddress | undefined;
  for (const { address: other } of catalogue.all()) {
    if (++looked > ownLimits.hintQueuesMax) break;
    const isNamesake = other.name === address.name;
    if (!isNamesake && (similar !== undefined || !isQueueName(other.name) || !isOneLetterOff(other.name, address.name)))
      continue;
    if (++questions > ownLimits.hintQuestionsMax) break;
    if (!mayKnow(other)) continue;
    if (isNamesake) {
      return `"${other.name}" exists in account ${other.account}, region ${other.region}; the request is for account ${address.account}, region ${shown(address.region)}`;
    }
    similar = other;
  }
  return similar === undefined ? undefined : `did you mean "${similar.name}"?`;
}

/** One letter changed, added, left out, or two neighbours swapped. Case alone counts as one letter. */
export function isOneLetterOff(left: string, right: string): boolean {
  if (left.toLowerCase() === right.toLowerCase()) return true;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  const restLeft = left.slice(start);
  const restRight = right.slice(start);
  if (restLeft.slice(1) === restRight.slice(1)) return true;
  if (restLeft.slice(1) === restRight || restLeft === restRight.slice(1)) return true;
  return restLeft.slice(2) === restRight.slice(2) && restLeft[0] === restRight[1] && restLeft[1] === restRight[0];
}

function shown(region: string): string {
  return region.replace(/[^a-z0-9-]/g, '?');
}

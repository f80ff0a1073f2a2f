import type { Broker } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { QueueAddress } from '../../src/model/queue.ts';
import { ownLimits } from './limits.ts';
import { isQueueName } from './names.ts';

/**
 * What the developer may have meant by a queue that is not there: the same name in another account or region, the usual
 * mistake with local endpoints, or a name that is one letter off. Nobody is told of a queue that he may not see.
 */
export function hintFor(address: QueueAddress, broker: Broker, principal: Principal): string | undefined {
  if (!isQueueName(address.name)) return undefined; // Never echo what a header cannot carry.
  let looked = 0;
  let similar: QueueAddress | undefined;
  for (const { address: other } of broker.catalogue.all()) {
    if (++looked > ownLimits.hintQueuesMax) break;
    if (other.name === address.name && maySee(broker, principal, other)) {
      return `"${other.name}" exists in account ${other.account}, region ${other.region}; the request is for account ${address.account}, region ${shown(address.region)}`;
    }
    if (similar !== undefined || !isQueueName(other.name) || !isOneLetterOff(other.name, address.name)) continue;
    if (maySee(broker, principal, other)) similar = other;
  }
  return similar === undefined ? undefined : `did you mean "${similar.name}"?`;
}

function maySee(broker: Broker, principal: Principal, queue: QueueAddress): boolean {
  try {
    broker.requireAllowed(principal, 'browse', queue);
    return true;
  } catch (error) {
    if (error instanceof GantryError) return false;
    throw error;
  }
}

/** One letter changed, added, left out, or two neighbours swapped. Case alone counts as one letter. */
function isOneLetterOff(left: string, right: string): boolean {
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

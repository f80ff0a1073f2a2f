/** Hints for people whose client was told no more than AWS tells. */
import { isOneLetterOff } from '../aws/name-hint.ts';
import { snsLimits } from './limits.ts';

/** Of a name that is not one of those that there are; letters in the wrong case are the usual mistake. */
export function nameMeant(word: string, names: Iterable<string>): string | undefined {
  for (const name of names) if (isOneLetterOff(name, word)) return `did you mean "${name}"?`;
  return undefined;
}

/** Of an ARN that names no topic of the region that the request is for. */
export function topicArnHint(parts: readonly string[], region: string): string | undefined {
  const [arn, , service, ofRegion = ''] = parts;
  if (arn !== 'arn') return undefined;
  if (service === 'sqs') return 'it is the ARN of a queue; that of a topic begins with arn:aws:sns:';
  if (service !== 'sns') return undefined;
  if (parts.length > 6) return 'it is the ARN of a subscription; that of its topic is without what follows the name';
  if (ofRegion === region) return undefined;
  return `the topic's ARN is of ${shown(ofRegion)}, the request is signed for ${shown(region)}: set the client's region`;
}

/** @param isFifo as the attribute FifoTopic says */
export function topicNameHint(name: string, isFifo: boolean): string {
  if (!isFifo && name.endsWith('.fifo'))
    return 'a name that ends in .fifo wants the attribute FifoTopic, which is true';
  if (isFifo && !name.endsWith('.fifo')) return 'the name of a FIFO topic ends in .fifo';
  return `a name has 1 to ${snsLimits.topicNameCharactersMax} letters, digits, - and _`;
}

/** @param canBeRaised a topic has a setting for it */
export function tooLongHint(bytes: number, bytesMax: number, canBeRaised: boolean): string {
  const said = `it has ${bytes} bytes with its attributes, the limit is ${bytesMax}`;
  if (!canBeRaised || bytesMax >= snsLimits.messageBytesMax) return said;
  return `${said}; the topic's attribute MaximumMessageSize raises it up to ${snsLimits.messageBytesMax}`;
}

function shown(text: string): string {
  return text === '' ? 'no region' : text.slice(0, 64).replace(/[^a-z0-9-]/g, '?');
}

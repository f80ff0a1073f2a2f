import type { Push } from '../../../src/core/broker.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import { envelopeBytesMax } from '../envelope.ts';
import { snsLimits } from '../limits.ts';

/** Below it a message is measured faster than it is looked up. */
const rememberedBytesMin = 4_096;

interface Measured {
  readonly subscription: Pick<Push['subscription'], 'protocol'>;
  readonly message: Push['message'];
}

/**
 * About how many bytes a push will write: of the JSON around its message; what is sent raw is measured alike. The copies of one
 * message for the endpoints of one protocol have the same text, which is looked through once.
 */
export function createMeasure(measure = envelopeBytesMax): (push: Measured) => number {
  const known = new Map<string, number>();
  return ({ subscription: { protocol }, message }) => {
    if (message.body.length < rememberedBytesMin) return measure(message);
    const key = `${uuidText(message.id)} ${protocol}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const bytes = measure(message);
    known.set(key, bytes);
    if (known.size > snsLimits.measuresRememberedMax) {
      const [oldest = key] = known.keys();
      known.delete(oldest);
    }
    return bytes;
  };
}

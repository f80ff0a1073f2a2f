/**
 * Says whether JSON is of the size that a request can have, before it is parsed: four million bytes of brackets keep the
 * parser busy for more than a second, in which nobody else is served. Only what stands outside of strings counts, so that a
 * long message body is never in the way. One pass, about a nanosecond a byte; small bodies need none.
 */
import { frontLimits } from './limits.ts';

const quote = 0x22;
const backslash = 0x5c;

export function isBodyTooIntricate(json: Uint8Array): boolean {
  return json.length > frontLimits.jsonBytesTrusted && isTooIntricate(json);
}

/** For JSON within JSON too, which is walked by functions that call themselves. */
export function isTooIntricate(json: Uint8Array): boolean {
  let values = 0;
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (isInString) {
      if (byte === backslash) i++;
      else if (byte === quote) isInString = false;
      continue;
    }
    switch (byte) {
      case quote:
        isInString = true;
        break;
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > frontLimits.jsonDepthMax) return true;
        values++;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case 0x2c: // ,
        values++;
        break;
      default:
    }
    if (values > frontLimits.jsonValuesMax) return true;
  }
  return false;
}

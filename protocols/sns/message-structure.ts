/** A message that says something else to each protocol: `MessageStructure` is `json` [SNS Publish]. */
import { invalid } from './errors.ts';

/** Protocols whose subscribers get the text under their own name. Those of `application` are told apart by platform. */
const protocols: ReadonlySet<string> = new Set([
  ...['sqs', 'http', 'https', 'email', 'email-json', 'sms', 'lambda', 'firehose'],
]);
/** Before the texts of the platforms of `application`, so that nobody takes them for a message of the publisher's. */
const platformMark = 0x1e;

/**
 * What is no text is passed over, as are names that nobody has (verified) [sqs-sns 2.5].
 * @throws AwsError `InvalidParameter`
 */
export function readStructure(text: string): ReadonlyMap<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  const texts = new Map<string, string>();
  for (const [name, each] of Object.entries(value)) if (typeof each === 'string') texts.set(name, each);
  return texts;
}

/** @throws AwsError `InvalidParameter` */
export function defaultOf(texts: ReadonlyMap<string, string>): string {
  const text = texts.get('default');
  if (text === undefined) throw invalid('Message Structure - No default entry in JSON message body');
  return text;
}

/**
 * By the protocol of the subscriber, those that differ from the default, each text once.
 * @param body of the default
 */
export function bodiesOf(texts: ReadonlyMap<string, string>, body: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const bodies = new Map<string, Uint8Array>();
  const byText = new Map<string, Uint8Array>([[defaultOf(texts), body]]);
  const platforms: Record<string, string> = {};
  for (const [name, text] of texts) {
    if (name === 'default') continue;
    if (!protocols.has(name)) {
      if (/^[A-Z_]{1,32}$/.test(name)) platforms[name] = text;
      continue;
    }
    const known = byText.get(text);
    const own = known ?? Buffer.from(text);
    if (known === undefined) byText.set(text, own);
    if (own !== body) bodies.set(name, own);
  }
  if (Object.keys(platforms).length > 0) {
    const mark = String.fromCharCode(platformMark);
    bodies.set('application', Buffer.from(mark + JSON.stringify({ default: defaultOf(texts), ...platforms })));
  }
  return bodies;
}

/** What `bodiesOf` made for `application`, by platform; undefined: it is a message that is the same for all of them. */
export function platformTexts(body: Uint8Array): ReadonlyMap<string, string> | undefined {
  if (body[0] !== platformMark) return undefined;
  try {
    return readStructure(Buffer.from(body.subarray(1)).toString());
  } catch {
    return undefined; // The publisher's own text begins like that.
  }
}

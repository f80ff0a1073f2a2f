import { defaultKey, defaultValue, listOutput, mapOutput, type QuerySpelling } from './query-spelling.ts';

/** What stands around the output of an operation in an answer of the Query protocol. */
export interface XmlFrame {
  readonly operation: string;
  readonly namespace: string;
  readonly requestId: string;
}

/** All before the output; the caller ends it with `frameEnd`. */
export function frameStart({ operation, namespace }: XmlFrame): string {
  return `<?xml version="1.0"?><${operation}Response xmlns="${namespace}"><${operation}Result>`;
}

export function frameEnd({ operation, requestId }: XmlFrame): string {
  return `</${operation}Result>${metadata(requestId)}</${operation}Response>`;
}

/** @param output undefined: the operation has none, and its answer no element for it */
export function xmlDocument(frame: XmlFrame, output: object | undefined, spelling: QuerySpelling): string {
  const { operation, namespace, requestId } = frame;
  if (output === undefined) {
    const start = `<?xml version="1.0"?><${operation}Response xmlns="${namespace}">`;
    return `${start}${metadata(requestId)}</${operation}Response>`;
  }
  const inside = xmlMembers(output, spelling);
  // An empty result in AWS's own form (verified for ReceiveMessage) [sqs-sns 0.1].
  if (inside === '') return emptyDocument(frame);
  return frameStart(frame) + inside + frameEnd(frame);
}

export function emptyDocument({ operation, namespace, requestId }: XmlFrame): string {
  return `<?xml version="1.0"?><${operation}Response xmlns="${namespace}"><${operation}Result/>${metadata(requestId)}</${operation}Response>`;
}

/** The text of an element; characters that XML 1.0 has not at all come as U+FFFD. */
export function xmlText(text: string): string {
  return special.test(text) ? text.replace(everySpecial, escapeOf) : text;
}

/** The text as its reader gets it: what XML 1.0 has no character for is U+FFFD. */
export function carriableText(text: string): string {
  return text.replace(impossible, '\ufffd');
}

function metadata(requestId: string): string {
  return `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
}

/** Members that are undefined are left out, as in JSON. */
function xmlMembers(output: object, spelling: QuerySpelling): string {
  let text = '';
  for (const [name, value] of Object.entries(output)) {
    if (value === undefined) continue;
    if (Array.isArray(value)) text += xmlList(name, value, spelling);
    else if (typeof value === 'object' && value !== null) text += xmlObject(name, value, spelling);
    else text += `<${name}>${xmlText(String(value))}</${name}>`;
  }
  return text;
}

function xmlObject(name: string, value: object, spelling: QuerySpelling): string {
  if (spelling.structures?.has(name) !== true) return xmlMap(name, value, spelling);
  return `<${name}>${xmlMembers(value, spelling)}</${name}>`;
}

function xmlList(name: string, items: readonly unknown[], spelling: QuerySpelling): string {
  const { wrapper, element } = listOutput(spelling, name);
  let text = '';
  for (const item of items) text += `<${element}>${xmlValue(item, spelling)}</${element}>`;
  return wrapped(wrapper, text);
}

function xmlMap(name: string, map: object, spelling: QuerySpelling): string {
  const { wrapper, element, key = defaultKey, value = defaultValue } = mapOutput(spelling, name);
  let text = '';
  for (const [each, inside] of Object.entries(map)) {
    text += `<${element}><${key}>${xmlText(each)}</${key}><${value}>${xmlValue(inside, spelling)}</${value}></${element}>`;
  }
  return wrapped(wrapper, text);
}

function xmlValue(value: unknown, spelling: QuerySpelling): string {
  return typeof value === 'object' && value !== null ? xmlMembers(value, spelling) : xmlText(String(value));
}

function wrapped(wrapper: string | undefined, text: string): string {
  return wrapper === undefined ? text : `<${wrapper}>${text}</${wrapper}>`;
}

// A parser turns CR into LF, and tabs and line feeds of an element it keeps [XML 1.0 2.11].
const special = /[&<>"\r]|[^\t\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const everySpecial = new RegExp(special, 'gu');
const impossible = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escapes: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\r', '&#13;'],
]);

function escapeOf(character: string): string {
  return escapes.get(character) ?? '\ufffd';
}

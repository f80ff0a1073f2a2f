/** Messages as a person reads them, and as a pipe takes them. */

import { GantryError } from '../../model/errors.ts';
import type { MessageView } from '../../server/admin/message-view.ts';
import { type CommandInput, flag } from '../command.ts';
import { printable, printableLines } from '../printable.ts';

const decodings = ['auto', 'text', 'json', 'base64', 'hex'] as const;
export type Decoding = (typeof decodings)[number];

/** @throws GantryError `invalid-argument` */
export function decodingOf(input: CommandInput): Decoding {
  const text = flag(input, 'decode') ?? 'auto';
  const found = decodings.find((one) => one === text);
  if (found !== undefined) return found;
  throw new GantryError('invalid-argument', `--decode "${text}": expected ${decodings.join(', ')}`);
}

export function bytesOf({ body, isBase64 }: Pick<MessageView, 'body' | 'isBase64'>): Buffer {
  return Buffer.from(body, isBase64 ? 'base64' : 'utf8');
}

/** For the eye: JSON with its lines, bytes in hexadecimal digits, and nothing that would steer the terminal. */
function bodyText(message: Pick<MessageView, 'body' | 'isBase64'>, decoding: Decoding): string {
  switch (decoding) {
    case 'hex':
      return hexDump(bytesOf(message));
    case 'base64':
      return bodyText(inner(message), 'auto');
    case 'text':
      return message.isBase64 ? hexDump(bytesOf(message)) : printableLines(message.body);
    case 'auto':
    case 'json':
      if (message.isBase64) return hexDump(bytesOf(message));
      return printableLines(prettyJson(message.body) ?? message.body);
  }
}

/** What somebody put into base64 before sending it. */
function inner({ body }: Pick<MessageView, 'body' | 'isBase64'>): Pick<MessageView, 'body' | 'isBase64'> {
  const bytes = Buffer.from(body, 'base64');
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? { body: text, isBase64: false } : { body, isBase64: true };
}

/** Undefined: it is no object and no list; a number is fine as it stands. */
function prettyJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value, undefined, 2);
  } catch {
    return undefined; // Text that begins like JSON.
  }
}

const dumpedMax = 1_024;

function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, dumpedMax); at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = row.toString('hex').replace(/../g, '$& ').padEnd(48);
    const text = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex} ${text}`);
  }
  if (bytes.length > dumpedMax) lines.push(`... ${bytes.length - dumpedMax} bytes more`);
  return lines.join('\n');
}

/** A message as a block of lines: what it is, its properties, its body. */
export function messageBlock(message: MessageView & { readonly state?: string }, decoding: Decoding): string {
  const { id, position, state, deliveries, sentAt, group, correlationId, replyTo, properties } = message;
  const facts = [
    ...(state === undefined || state === 'waiting' ? [] : [state]),
    ...(deliveries > 0 ? [`deliveries ${deliveries}`] : []),
    ...(group === undefined ? [] : [`group ${group}`]),
    ...(correlationId === undefined ? [] : [`correlation ${correlationId}`]),
    ...(replyTo === undefined ? [] : [`reply to ${replyTo}`]),
  ];
  const lines = [`[${position}] ${id}  ${sentAt}${facts.length === 0 ? '' : `  ${facts.join(', ')}`}`].map(printable);
  for (const [name, { type, value }] of Object.entries(properties))
    lines.push(printable(`${name} (${type}): ${value}`));
  return `${lines.join('\n')}\n\n${bodyText(message, decoding)}\n`;
}

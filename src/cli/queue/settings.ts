import { GantryError } from '../../model/errors.ts';
import type { QueueSettings } from '../../server/definitions/queue-definition.ts';
import { readTextFile } from '../../server/text-file.ts';
import { type CommandInput, flag } from '../command.ts';
import { pairs } from '../values.ts';
import { settingFlags } from './setting-options.ts';

type Body = Record<string, unknown>;

/**
 * What the flags of `queue create` and `queue set` say, as the admin API takes it; the broker judges the values.
 * @param tagsBefore those that stay beside the new ones
 * @throws GantryError `invalid-argument`
 */
export async function readSettings(input: CommandInput, tagsBefore: Readonly<Record<string, string>>): Promise<Body> {
  const body: Body = {};
  for (const [key, { flagKey }] of Object.entries(settingFlags)) {
    const text = flag(input, flagKey);
    if (text !== undefined && key !== 'tags') body[key] = await bodyValue(key, text);
  }
  const tags = pairs(input, 'tag');
  const gone = input.flags.untag ?? [];
  if (tags.length + gone.length > 0) {
    const kept = Object.entries(tagsBefore).filter(([name]) => !gone.includes(name));
    body.tags = Object.fromEntries([...kept, ...tags]);
  }
  return body;
}

function bodyValue(key: string, text: string): unknown {
  const read = readerByKey.get(key);
  return read === undefined ? text : read(text); // Null is a value.
}

/** Of what is no plain text; `none` takes it away. */
const readers: Partial<Record<keyof QueueSettings, (text: string) => unknown>> = {
  deadLetter: (text) => (text === 'none' ? null : deadLetterOf(text)),
  deadLetterSources: (text) => (text === 'all' || text === 'none' ? text : text.split(',')),
  policy: (text) => (text === 'none' ? null : policyOf(text)),
  kmsKey: (text) => (text === 'none' ? null : text),
};
const readerByKey: ReadonlyMap<string, (text: string) => unknown> = new Map(Object.entries(readers));

const policyBytesMax = 1 << 20;

function deadLetterOf(text: string): object {
  const [, queue, after] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  if (queue !== undefined && after !== undefined) return { queue, after: Number(after) };
  const expected = 'expected queue:receives, such as orders-dlq:5, or none';
  throw new GantryError('invalid-argument', `--dead-letter "${text}": ${expected}`);
}

async function policyOf(text: string): Promise<unknown> {
  try {
    const policy: unknown = JSON.parse(text.startsWith('@') ? await readPolicy(text.slice(1)) : text);
    return policy;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('invalid-argument', `--policy: ${why}`, { cause });
  }
}

async function readPolicy(path: string): Promise<string> {
  return await readTextFile(path, { bytesMax: policyBytesMax, mayBePipe: true });
}

import { GantryError } from '../../model/errors.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { pairs, wholeFlag } from '../values.ts';
import { type Body, sourceOf } from './sources.ts';
import { fillTemplate } from './template.ts';

/** A message as the admin API takes it. */
export interface NewMessageBody extends Body {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly group?: string;
  readonly dedupId?: string;
  readonly delay?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
}

const countMax = 1_000_000_000;
/** Of copies made at once, so that any count takes little memory. */
const pieceCharactersMax = 512 * 1024;

/**
 * Everything that `gantry send` is to send, in pieces as it arrives.
 * @param atOnce copies are made when they are due, not earlier, so that each `{{now}}` is the time of its sending
 * @throws GantryError `invalid-argument`
 */
export async function* newMessages(input: CommandInput, atOnce: number): AsyncGenerator<readonly NewMessageBody[]> {
  const count = wholeFlag(input, 'count', { min: 1, max: countMax }) ?? 1;
  const isTemplate = count > 1 || isSet(input, 'template');
  const fixed = fixedPart(input);
  let n = 0;
  for await (const bodies of sourceOf(input)) {
    if (!isTemplate) {
      yield bodies.map((one) => ({ ...one, ...fixed }));
      continue;
    }
    for (const one of bodies) {
      const copiesMax = Math.max(1, Math.floor(pieceCharactersMax / Math.max(1, one.body.length)));
      for (let left = count; left > 0; ) {
        const copies = Math.min(left, copiesMax, atOnce);
        yield Array.from({ length: copies }, () => filled({ ...one, ...fixed }, ++n));
        left -= copies;
      }
    }
  }
}

function fixedPart(input: CommandInput): Omit<NewMessageBody, 'body'> {
  const properties = Object.fromEntries(pairs(input, 'attr').map(([name, value]) => propertyOf(name, value)));
  const given = ['group', 'dedupId', 'delay', 'correlationId', 'replyTo'].flatMap((key) => {
    const text = flag(input, key);
    return text === undefined ? [] : [[key, text] as const];
  });
  return { ...Object.fromEntries(given), ...(Object.keys(properties).length === 0 ? {} : { properties }) };
}

/** `name=text`, `name:Number=5`, `name:Binary=aGk=`. */
function propertyOf(name: string, value: string): readonly [string, unknown] {
  const [, plain, type] = /^([^:]+):([^:]+)$/.exec(name) ?? [];
  if (plain !== undefined && type !== undefined) return [plain, { type, value }];
  if (name.includes(':')) throw new GantryError('invalid-argument', `--attr "${name}": expected name or name:Type`);
  return [name, value];
}

function filled(message: NewMessageBody, n: number): NewMessageBody {
  const { body, isBase64, group, dedupId, correlationId } = message;
  return {
    ...message,
    body: isBase64 === true ? body : fillTemplate(body, n),
    ...(group === undefined ? {} : { group: fillTemplate(group, n) }),
    ...(dedupId === undefined ? {} : { dedupId: fillTemplate(dedupId, n) }),
    ...(correlationId === undefined ? {} : { correlationId: fillTemplate(correlationId, n) }),
  };
}

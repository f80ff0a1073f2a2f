import { parseAddress } from './address.ts';
import { wildcardLengthMax } from './limits.ts';
import { parseNumeric } from './numeric.ts';
import { parseNumericRule } from './numeric-range.ts';
import type { FilterRule } from './policy.ts';
import { type PolicySource, refusal, refuse } from './source.ts';

const onlyOneKey = 'Only one key allowed in match expression';

/** One operator: reads its operand, which is the next token, and no more. */
type OperandParser = (source: PolicySource) => FilterRule;

const operators = {
  prefix: (source) => parseAffix(source, 'prefix'),
  suffix: (source) => parseAffix(source, 'suffix'),
  'equals-ignore-case': (source) => ({ op: 'equals-ignore-case', value: stringNext(source, 'equals-ignore-case') }),
  'anything-but': parseAnythingBut,
  numeric: parseNumericRule,
  exists: parseExists,
  cidr: parseCidr,
} satisfies Record<string, OperandParser>;

/** What SNS does not know, and EventBridge, which speaks the same language, does. */
const lenientOperators = { wildcard: parseWildcard } satisfies Record<string, OperandParser>;

const strictParsers = new Map<string, OperandParser>(Object.entries(operators));
const lenientParsers = new Map<string, OperandParser>(Object.entries({ ...operators, ...lenientOperators }));

/** Names that make an object a match expression, which is why no alternative of `$or` may use them as keys. */
export const operatorNames: ReadonlySet<string> = new Set(lenientParsers.keys());

/** Reads the rules of one key up to the closing bracket; the opening one has been read. */
export function parseRules(source: PolicySource): FilterRule[] {
  const rules: FilterRule[] = [];
  for (;;) {
    const { kind } = source.cursor.next();
    switch (kind) {
      case ']':
        if (rules.length === 0) refuse(source, 'Empty arrays are not allowed');
        return rules;
      case '{':
        rules.push(parseMatchExpression(source));
        break;
      case 'string':
        rules.push({ op: 'equals', value: source.cursor.read() });
        break;
      case 'number':
        rules.push(numberRule(source));
        break;
      case 'literal':
        rules.push({ op: 'equals', value: literals.get(source.cursor.read()) ?? null });
        break;
      default:
        refuse(source, 'Match value must be String, number, true, false, or null');
    }
  }
}

const literals: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function parseMatchExpression(source: PolicySource): FilterRule {
  const name = source.cursor.next();
  if (name.kind !== 'name') refuse(source, 'Match expression name not found');
  const parse = (source.isLenient ? lenientParsers : strictParsers).get(name.text);
  if (parse === undefined) refuse(source, `Unrecognized match type ${name.text}`);
  const rule = parse(source);
  const complaint = parse === parseNumericRule || parse === parseAnythingBut ? tooManyElements : onlyOneKey;
  if (source.cursor.next().kind !== '}') refuse(source, complaint);
  return rule;
}

const tooManyElements = 'Too many elements in numeric expression';

function parseAffix(source: PolicySource, op: 'prefix' | 'suffix'): FilterRule {
  const { kind } = source.cursor.next();
  if (kind === '{' && source.isLenient) {
    const name = source.cursor.next();
    if (name.text !== 'equals-ignore-case') refuse(source, `Unsupported ${op} pattern: ${name.text}`);
    const value = stringNext(source, 'equals-ignore-case');
    if (source.cursor.next().kind !== '}') refuse(source, onlyOneKey);
    return { op, value, ignoresCase: true };
  }
  if (kind !== 'string') refuse(source, `${op} match pattern must be a string`);
  return { op, value: source.cursor.read(), ignoresCase: false };
}

function stringNext(source: PolicySource, name: string): string {
  if (source.cursor.next().kind !== 'string') refuse(source, `${name} match pattern must be a string`);
  return source.cursor.read();
}

function parseExists(source: PolicySource): FilterRule {
  const { kind, text } = source.cursor.next();
  if (kind !== 'literal' || text === 'null') refuse(source, 'exists match pattern must be either true or false.');
  return { op: 'exists', value: text === 'true' };
}

function parseAnythingBut(source: PolicySource): FilterRule {
  const { kind } = source.cursor.next();
  if (kind === '{') return parseAnythingButExpression(source);
  if (kind === 'string') return { op: 'anything-but', rules: [{ op: 'equals', value: source.cursor.read() }] };
  if (kind === 'number') return { op: 'anything-but', rules: [numberRule(source)] };
  if (kind !== '[') refuse(source, 'Value of anything-but must be an array or single string/number value.');
  const rules: FilterRule[] = [];
  const kinds = new Set<string>();
  for (let item = source.cursor.next(); item.kind !== ']'; item = source.cursor.next()) {
    if (item.kind === 'string') rules.push({ op: 'equals', value: source.cursor.read() });
    else if (item.kind === 'number') rules.push(numberRule(source));
    else refuse(source, 'Inside anything but list, start|null|boolean is not supported.');
    kinds.add(item.kind);
  }
  if (kinds.size !== 1) {
    refuse(source, 'Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  return { op: 'anything-but', rules };
}

/** `{"prefix": "a"}`; where more is allowed also other operators on texts, each with one or a list of them. */
function parseAnythingButExpression(source: PolicySource): FilterRule {
  const name = source.cursor.next();
  if (name.kind !== 'name') refuse(source, 'Anything-But expression name not found');
  const make = (source.isLenient ? lenientInner : strictInner).get(name.text);
  if (make === undefined) refuse(source, `Unsupported anything-but pattern: ${name.text}`);
  const rules: FilterRule[] = [];
  const { kind } = source.cursor.next();
  if (kind === '[' && source.isLenient) {
    for (let item = source.cursor.next(); item.kind !== ']'; item = source.cursor.next()) {
      if (item.kind !== 'string') refuse(source, `${name.text} match pattern must be a string`);
      rules.push(make(source.cursor.read(), source));
    }
    if (rules.length === 0) refuse(source, 'Empty arrays are not allowed');
  } else {
    if (kind !== 'string') refuse(source, `${name.text} match pattern must be a string`);
    rules.push(make(source.cursor.read(), source));
  }
  if (source.cursor.next().kind !== '}') refuse(source, tooManyElements);
  return { op: 'anything-but', rules };
}

type TextRule = (value: string, source: PolicySource) => FilterRule;
const prefixRule: TextRule = (value) => ({ op: 'prefix', value, ignoresCase: false });
const strictInner = new Map<string, TextRule>([['prefix', prefixRule]]);
const lenientInner = new Map<string, TextRule>([
  ['prefix', prefixRule],
  ['suffix', (value) => ({ op: 'suffix', value, ignoresCase: false })],
  ['equals-ignore-case', (value) => ({ op: 'equals-ignore-case', value })],
  ['wildcard', wildcardRule],
]);

function parseWildcard(source: PolicySource): FilterRule {
  return wildcardRule(stringNext(source, 'wildcard'), source);
}

/** A star stands for any text; `\*` and `\\` for the characters themselves. */
function wildcardRule(pattern: string, source: PolicySource): FilterRule {
  if (pattern.length > wildcardLengthMax) {
    refuse(source, `wildcard match pattern must be at most ${wildcardLengthMax} characters long`);
  }
  const pieces: string[] = [];
  let piece = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') {
      pieces.push(piece);
      piece = '';
    } else if (character === '\\') {
      at += 1;
      if (!['*', '\\'].includes(pattern.charAt(at))) refuse(source, `Invalid escape character at pos ${at - 1}`);
      piece += pattern.charAt(at);
    } else {
      piece += character;
    }
  }
  return { op: 'wildcard', pieces: [...pieces, piece] };
}

/** Its errors have no place: in AWS's reader they come from a part that knows none. */
function parseCidr(source: PolicySource): FilterRule {
  // The word "prefix" is AWS's own.
  if (source.cursor.next().kind !== 'string') refuse(source, 'prefix match pattern must be a string');
  const [addressText = '', maskText, more] = source.cursor.read().split('/', 3);
  if (maskText === undefined || maskText === '' || more !== undefined) {
    throw refusal("Malformed CIDR, one '/' required");
  }
  if (!/^[+-]?\d{1,9}$/.test(maskText)) throw refusal('Malformed CIDR, mask bits must be an integer');
  const bits = Number(maskText);
  if (bits < 0) throw refusal('Malformed CIDR, mask bits must not be negative');
  const address = parseAddress(addressText);
  if (address === undefined) throw refusal(`Nonstandard IP address: ${addressText}`);
  const family = address.charAt(0);
  if (family === '4' && bits > 31) throw refusal('IPv4 mask bits must be < 32');
  if (bits > 127) throw refusal('IPv6 mask bits must be < 128');
  return { op: 'cidr', network: address.slice(0, family.length + bits) };
}

function numberRule(source: PolicySource): FilterRule {
  const text = source.cursor.read();
  // The reader of JSON lets no number through that is none.
  return { op: 'equals', value: parseNumeric(text) ?? text };
}

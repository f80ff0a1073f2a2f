import { GantryError } from '../../model/errors.ts';
import { combinationsOf, expand } from './branches.ts';
import { JsonError, locationOf, redactedSource } from './json-error.ts';
import { defaultPolicyLimits, type FilterPolicyLimits } from './limits.ts';
import type { FilterPolicy, FilterPolicyScope } from './policy.ts';
import type { PolicyEntry, PolicyNode } from './policy-node.ts';
import { operatorNames, parseRules } from './rules.ts';
import { type PolicySource, refusal, refuse } from './source.ts';
import { TokenCursor } from './tokens.ts';

export interface FilterPolicyOptions {
  /**
   * Also accept what SNS refuses and EventBridge, whose language it is, knows: `wildcard`; `suffix`, `wildcard` and
   * `equals-ignore-case` inside `anything-but`, each with one text or a list of them, and a list for `prefix`;
   * `equals-ignore-case` inside `prefix` and `suffix`. Off unless set.
   */
  readonly isLenient?: boolean;
  readonly limits?: Partial<FilterPolicyLimits>;
}

/**
 * Reads a filter policy. Time and memory are bounded for any text.
 * @returns undefined for a text that takes the policy away: an empty one, or an object without keys
 * @throws GantryError `invalid-argument` with AWS's message, without "Invalid parameter: " in front
 */
export function parseFilterPolicy(
  text: string,
  scope: FilterPolicyScope,
  { isLenient = false, limits = {} }: FilterPolicyOptions = {},
): FilterPolicy | undefined {
  if (text === '') return undefined;
  const { policyBytesMax, keyCountMax, combinationCountMax } = { ...defaultPolicyLimits, ...limits };
  if (Buffer.byteLength(text) > policyBytesMax) {
    throw refusal(`Filter policy can not be larger than ${policyBytesMax} bytes`);
  }
  const source = { text, cursor: cursorOver(text), isLenient };
  if (source.cursor.next().kind !== '{') refuse(source, 'Filter is not an object');
  const node = parseObject(source);
  if (node.size === 0) return undefined;
  if (scope === 'attributes' && isNested(node)) {
    throw new GantryError(
      'invalid-argument',
      'Filter policy scope MessageAttributes does not support nested filter policy',
    );
  }
  if (node.size > keyCountMax) throw refusal(`Filter policy can not have more than ${keyCountMax} keys`);
  const branches = combinationsOf(node) > combinationCountMax ? undefined : expand(node, scope);
  if (branches === undefined) throw refusal('Filter policy is too complex');
  return { scope, text, branches };
}

function cursorOver(text: string): TokenCursor {
  try {
    return TokenCursor.over(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    const place = locationOf(text, cause.offset, redactedSource);
    throw refusal(`failed to parse JSON. ${cause.detail}\n at ${place}`);
  }
}

/** Reads up to the closing brace; the opening one has been read. Recursion ends where the reader of JSON says so. */
function parseObject(source: PolicySource): PolicyNode {
  const node = new Map<string, PolicyEntry>();
  for (;;) {
    const name = source.cursor.next();
    if (name.kind === '}') return node;
    const entry =
      name.text === '$or' && isAlternatives(source) ? parseAlternatives(source) : parseEntry(source, name.text);
    // Of a key that comes twice the last one counts.
    node.delete(name.text);
    node.set(name.text, entry);
  }
}

function parseEntry(source: PolicySource, key: string): PolicyEntry {
  switch (source.cursor.next().kind) {
    case '{':
      return { kind: 'object', node: parseFilledObject(source) };
    case '[':
      return { kind: 'rules', rules: parseRules(source) };
    default:
      return refuse(source, `"${key}" must be an object or an array`);
  }
}

function parseFilledObject(source: PolicySource): PolicyNode {
  const node = parseObject(source);
  if (node.size === 0) refuse(source, 'Empty objects are not allowed');
  return node;
}

/** Whether `$or` is followed by two or more objects none of which is a match expression; else it is a key like others. */
function isAlternatives({ cursor }: PolicySource): boolean {
  const items = cursor.peekArray();
  if (items === undefined || items.length < 2) return false;
  return items.every(({ kind, names }) => kind === '{' && !names.some((name) => operatorNames.has(name)));
}

function parseAlternatives(source: PolicySource): PolicyEntry {
  source.cursor.next();
  const nodes: PolicyNode[] = [];
  while (source.cursor.next().kind === '{') nodes.push(parseFilledObject(source));
  return { kind: 'alternatives', nodes };
}

function isNested(node: PolicyNode): boolean {
  for (const entry of node.values()) {
    if (entry.kind === 'object') return true;
    if (entry.kind === 'alternatives' && entry.nodes.some(isNested)) return true;
  }
  return false;
}

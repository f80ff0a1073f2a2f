import { BlockList, isIP } from 'node:net';
import type { FilterOutReason } from '../../../src/filter/policy/index.ts';

/**
 * Filter policies as plainly as can be: no parser, tree, set or index, one loop inside the other. It judges the real thing
 * and shares nothing with it. Policies are what JSON.parse makes of them, known to be valid.
 */
export interface SlowMessage {
  readonly attributes: readonly SlowAttribute[];
  readonly body: string;
}

export interface SlowAttribute {
  readonly name: string;
  readonly type: 'String' | 'Number' | 'String.Array' | 'Binary';
  readonly value: string;
}

type Rules = readonly unknown[];

export function slowVerdict(
  policy: object,
  scope: 'attributes' | 'body',
  message: SlowMessage,
): 'match' | FilterOutReason {
  const branches = alternatives(policy, '');
  if (scope === 'body') {
    const leaves = leavesOf(message.body);
    if (leaves === undefined) return 'invalid-body';
    return someBranch(branches, (path) => leaves.filter(([at]) => at === path).map(([, value]) => value))
      ? 'match'
      : 'body';
  }
  if (someBranch(branches, (name) => attributeValues(name, message.attributes))) return 'match';
  if (message.attributes.length === 0) return 'no-attributes';
  const names = branches.flatMap((branch) => [...branch.keys()]);
  return names.some((name) => attributeValues(name, message.attributes) === 'invalid')
    ? 'invalid-attributes'
    : 'attributes';
}

/** Every way through `$or`, each as rules by path; what comes later replaces what came before. */
function alternatives(
  policy: object,
  prefix: string,
  before: Map<string, Rules>[] = [new Map()],
): Map<string, Rules>[] {
  let ways = before;
  for (const [key, value] of Object.entries(policy)) {
    if (key === '$or') ways = value.flatMap((choice: object) => alternatives(choice, prefix, ways));
    else if (Array.isArray(value)) ways = ways.map((way) => new Map([...way, [prefix + key, value]]));
    else ways = alternatives(value, `${prefix}${key}.`, ways);
  }
  return ways;
}

function someBranch(branches: Map<string, Rules>[], valuesAt: (path: string) => unknown[] | 'invalid'): boolean {
  return branches.some((branch) =>
    [...branch].every(([path, rules]) => {
      const values = valuesAt(path);
      if (values === 'invalid') return false;
      return rules.some((rule) => {
        const exists = operand(rule, 'exists');
        if (exists !== undefined) return exists === values.length > 0;
        return values.some((value) => fits(rule, value));
      });
    }),
  );
}

function attributeValues(name: string, attributes: readonly SlowAttribute[]): unknown[] | 'invalid' {
  const values: unknown[] = [];
  for (const attribute of attributes) {
    if (attribute.name !== name) continue;
    if (attribute.type === 'String') values.push(attribute.value);
    if (attribute.type === 'Number') values.push(Number(attribute.value));
    if (attribute.type !== 'String.Array') continue;
    const value = parsed(attribute.value);
    const list = Array.isArray(value) ? value : [value];
    if (list.some((item) => item === undefined || (typeof item === 'object' && item !== null))) return 'invalid';
    values.push(...list);
  }
  return values;
}

function leavesOf(body: string): [string, unknown][] | undefined {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return leavesBelow(value, []);
}

function leavesBelow(value: unknown, path: readonly string[]): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesBelow(item, path));
  if (typeof value !== 'object' || value === null) return [[path.join('.'), value]];
  return Object.entries(value).flatMap(([key, item]) => leavesBelow(item, [...path, key]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function operand(rule: unknown, operator: string): unknown {
  if (typeof rule !== 'object' || rule === null) return undefined;
  return Object.entries(rule).find(([name]) => name === operator)?.[1];
}

function fits(rule: unknown, value: unknown): boolean {
  if (typeof rule !== 'object' || rule === null) return rule === value;
  const [[operator, wanted] = ['', undefined]] = Object.entries(rule);
  if (operator === 'anything-but') {
    const unwanted = Array.isArray(wanted) ? wanted : innerRules(wanted);
    return !unwanted.some((inner: unknown) => fits(inner, value));
  }
  if (operator === 'numeric') return typeof value === 'number' && numericFits(wanted, value);
  if (typeof value !== 'string') return false;
  switch (operator) {
    case 'prefix':
      return typeof wanted === 'string' ? value.startsWith(wanted) : folded(value).startsWith(inner(wanted));
    case 'suffix':
      return typeof wanted === 'string' ? value.endsWith(wanted) : folded(value).endsWith(inner(wanted));
    case 'equals-ignore-case':
      return folded(value) === folded(String(wanted));
    case 'wildcard':
      return wildcardFits(String(wanted), value);
    case 'cidr':
      return cidrFits(String(wanted), value);
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

function innerRules(wanted: unknown): unknown[] {
  if (typeof wanted !== 'object' || wanted === null) return [wanted];
  return Object.entries(wanted).flatMap(([name, value]) => [value].flat().map((one) => ({ [name]: one })));
}

function inner(wanted: unknown): string {
  return folded(String(operand(wanted, 'equals-ignore-case')));
}

function folded(text: string): string {
  return text.toLowerCase();
}

function numericFits(terms: unknown, value: number): boolean {
  if (!Array.isArray(terms)) return false;
  for (let at = 0; at < terms.length; at += 2) {
    const [operator, bound] = [terms[at], Number(terms[at + 1])];
    if (operator === '=' && value !== bound) return false;
    if (operator === '<' && !(value < bound)) return false;
    if (operator === '<=' && !(value <= bound)) return false;
    if (operator === '>' && !(value > bound)) return false;
    if (operator === '>=' && !(value >= bound)) return false;
  }
  return true;
}

function wildcardFits(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  if (pattern.startsWith('*')) {
    return wildcardFits(pattern.slice(1), value) || (value !== '' && wildcardFits(pattern, value.slice(1)));
  }
  return value !== '' && pattern[0] === value[0] && wildcardFits(pattern.slice(1), value.slice(1));
}

function cidrFits(range: string, value: string): boolean {
  const [network = '', bits] = range.split('/');
  const family = isIP(value);
  if (family === 0 || family !== isIP(network)) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(bits), type);
  return list.check(value, type);
}

import { isInRange, parseAddress } from './address.ts';
import { compareNumeric, isNumeric, type Numeric } from './numeric.ts';
import type { FilterBranch, FilterCondition, FilterPolicy, FilterRule, RangeRule, Scalar, TextRule } from './policy.ts';
import { scalarKey, type ValueTree } from './value-tree.ts';
import type { FilterView } from './view.ts';
import { matchesWildcard } from './wildcard.ts';

/** Why a message is filtered out: AWS counts each on its own (`NumberOfNotificationsFilteredOut-...`). */
export type FilterOutReason =
  /** It has no attributes, and the policy looks at them. */
  | 'no-attributes'
  /** Its attributes are others. */
  | 'attributes'
  /** The policy names an attribute that is not what its type says: a String.Array that is no list. */
  | 'invalid-attributes'
  /** The policy looks at the body, which is no JSON object. */
  | 'invalid-body'
  /** What its body says is other. */
  | 'body';

/** Whether the policy lets the message through, and why not. */
export function matches(policy: FilterPolicy, view: FilterView): 'match' | FilterOutReason {
  if (policy.scope === 'body') {
    const { body } = view;
    if (body === undefined) return 'invalid-body';
    return holds(policy, body) ? 'match' : 'body';
  }
  const { attributes } = view;
  if (holds(policy, attributes)) return 'match';
  if (!view.hasAttributes) return 'no-attributes';
  return namesInvalid(policy, attributes) ? 'invalid-attributes' : 'attributes';
}

/** Whether one branch holds for the values. */
export function holds(policy: FilterPolicy, values: ValueTree): boolean {
  return policy.branches.some((branch) => branchHolds(branch, values));
}

function branchHolds(branch: FilterBranch, values: ValueTree): boolean {
  return branch.every((condition) => conditionHolds(condition, values));
}

/** Whether it looks at a value that could not be read. */
export function namesInvalid(policy: FilterPolicy, values: ValueTree): boolean {
  return policy.branches.some((branch) => branch.some(({ path }) => values.at(path)?.isInvalid === true));
}

function conditionHolds({ path, rules }: FilterCondition, tree: ValueTree): boolean {
  const node = tree.at(path);
  if (node?.isInvalid === true) return false;
  if (node === undefined || node.values.length === 0) {
    // What is missing is not null, nor anything but something.
    return rules.some((rule) => rule.op === 'exists' && !rule.value);
  }
  return rules.some((rule) => ruleHolds(rule, node));
}

function ruleHolds(rule: FilterRule, node: ValueTree): boolean {
  if (rule.op === 'exists') return rule.value;
  if (rule.op === 'equals') return node.has(rule.value);
  return node.values.some((value) => fits(rule, value));
}

/** Whether one value fulfils a rule. */
function fits(rule: FilterRule, value: Scalar): boolean {
  switch (rule.op) {
    case 'equals':
      return scalarKey(rule.value) === scalarKey(value);
    case 'exists':
      return rule.value;
    case 'anything-but':
      return !rule.rules.some((inner) => fits(inner, value));
    case 'range':
      return isNumeric(value) && isBetween(rule, value);
    case 'equals-ignore-case':
    case 'prefix':
    case 'suffix':
    case 'wildcard':
    case 'cidr':
      return typeof value === 'string' && fitsText(rule, value);
  }
}

function fitsText(rule: TextRule, text: string): boolean {
  switch (rule.op) {
    case 'equals-ignore-case':
      return text.toLowerCase() === rule.value.toLowerCase();
    case 'prefix':
      if (rule.ignoresCase) return text.toLowerCase().startsWith(rule.value.toLowerCase());
      return text.startsWith(rule.value);
    case 'suffix':
      if (rule.ignoresCase) return text.toLowerCase().endsWith(rule.value.toLowerCase());
      return text.endsWith(rule.value);
    case 'wildcard':
      return matchesWildcard(rule.pieces, text);
    case 'cidr': {
      const address = parseAddress(text);
      return address !== undefined && isInRange(address, rule);
    }
  }
}

function isBetween({ low, high }: RangeRule, value: Numeric): boolean {
  const aboveLow = low === undefined ? 1 : compareNumeric(value, low.value);
  const belowHigh = high === undefined ? 1 : compareNumeric(high.value, value);
  return (
    (aboveLow > 0 || (aboveLow === 0 && low?.isInclusive === true)) &&
    (belowHigh > 0 || (belowHigh === 0 && high?.isInclusive === true))
  );
}

import { fits } from './fits.ts';
import type { FilterBranch, FilterCondition, FilterPolicy, FilterRule } from './policy.ts';
import type { ValueTree } from './value-tree.ts';
import type { FilterView } from './view.ts';

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
  return node.set?.fulfils(rule) ?? node.values.some((value) => fits(rule, value));
}

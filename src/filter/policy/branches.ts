import { conditionCountMax, pathLengthMax } from './limits.ts';
import type { FilterBranch, FilterCondition, FilterPolicyScope } from './policy.ts';
import type { PolicyNode } from './policy-node.ts';

/**
 * How complex AWS finds a policy: over its keys the product of values times depth, where `$or` counts as the sum of its
 * alternatives. No policy has more branches than that.
 */
export function combinationsOf(node: PolicyNode, depth = 1): number {
  let product = 1;
  for (const entry of node.values()) {
    if (entry.kind === 'rules') product *= entry.rules.length * depth;
    else if (entry.kind === 'object') product *= combinationsOf(entry.node, depth + 1);
    else product *= entry.nodes.reduce((sum, alternative) => sum + combinationsOf(alternative, depth), 0);
  }
  return product;
}

/** Conditions by their joined path: of one that comes twice on the way the last one counts, as it does at AWS. */
type Branch = Map<string, FilterCondition>;

/**
 * Multiplies `$or` out: the branches of which one has to hold. Call it with a node of few combinations.
 * @returns undefined when there are more conditions, or longer paths, than anybody means
 */
export function expand(node: PolicyNode, scope: FilterPolicyScope): FilterBranch[] | undefined {
  const branches = grow({ node, path: [], scope }, [new Map()]);
  return branches?.map((branch) => [...branch.values()]);
}

interface Place {
  readonly node: PolicyNode;
  readonly path: readonly string[];
  readonly scope: FilterPolicyScope;
}

/** Adds the conditions of a node to each of the branches, in place, and makes more of them at `$or`. */
function grow({ node, path, scope }: Place, branches: Branch[]): Branch[] | undefined {
  let grown = branches;
  for (const [key, entry] of node) {
    if (entry.kind === 'alternatives') {
      const all: Branch[] = [];
      for (const alternative of entry.nodes) {
        const copies = isTooLarge(grown, entry.nodes.length) ? undefined : grown.map((branch) => new Map(branch));
        const more = copies === undefined ? undefined : grow({ node: alternative, path, scope }, copies);
        if (more === undefined) return undefined;
        all.push(...more);
      }
      grown = all;
      continue;
    }
    // A body is looked at as if all keys were joined by dots, so those inside a key separate as well.
    const longer = scope === 'body' ? [...path, ...key.split('.')] : [key];
    if (longer.length > pathLengthMax) return undefined;
    if (entry.kind === 'object') {
      const next = grow({ node: entry.node, path: longer, scope }, grown);
      if (next === undefined) return undefined;
      grown = next;
    } else {
      const joined = longer.join('.');
      for (const branch of grown) branch.set(joined, { path: longer, rules: entry.rules });
    }
    if (isTooLarge(grown, 1)) return undefined;
  }
  return grown;
}

function isTooLarge(branches: readonly Branch[], times: number): boolean {
  return branches.reduce((sum, branch) => sum + branch.size, 0) * times > conditionCountMax;
}

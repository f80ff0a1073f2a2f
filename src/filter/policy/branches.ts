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
  let grown: Branch[] | undefined = branches;
  for (const [key, entry] of node) {
    if (entry.kind === 'alternatives') {
      grown = fork({ nodes: entry.nodes, path, scope }, grown);
    } else {
      // A body is looked at as if all keys were joined by dots, so those inside a key separate as well.
      const longer = scope === 'body' ? [...path, ...key.split('.')] : [key];
      if (longer.length > pathLengthMax) return undefined;
      if (entry.kind === 'object') grown = grow({ node: entry.node, path: longer, scope }, grown);
      else for (const branch of grown) branch.set(longer.join('.'), { path: longer, rules: entry.rules });
    }
    if (grown === undefined || conditionCountOf(grown) > conditionCountMax) return undefined;
  }
  return grown;
}

function fork(
  { nodes, path, scope }: Omit<Place, 'node'> & { readonly nodes: readonly PolicyNode[] },
  branches: Branch[],
) {
  const forked: Branch[] = [];
  for (const node of nodes) {
    const copies = branches.map((branch) => new Map(branch));
    const grown = grow({ node, path, scope }, copies);
    if (grown === undefined) return undefined;
    forked.push(...grown);
    if (conditionCountOf(forked) > conditionCountMax) return undefined;
  }
  return forked;
}

function conditionCountOf(branches: readonly Branch[]): number {
  return branches.reduce((sum, branch) => sum + branch.size, 0);
}

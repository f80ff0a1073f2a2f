import type { Queue } from '../model/queue.ts';
import type { Topic } from '../model/topic.ts';
import { type ActNames, compilePolicy, type Statement } from './policy/document.ts';
import { PolicyProblem } from './policy/problem.ts';

/** What has a policy of its own, and tags. */
export type PolicyHolder = Queue | Topic;

export interface ResourcePolicies {
  of(holder: PolicyHolder): readonly Statement[];
}

/**
 * The policies of queues and topics, compiled when first asked and kept with the version of their holder: the catalogues
 * hand out another object after each change, and with the old one goes what was compiled of it.
 */
export function createResourcePolicies(): ResourcePolicies {
  const compiled = new WeakMap<PolicyHolder, readonly Statement[]>();
  return {
    of: (holder) => {
      const text = holder.attributes.policy;
      if (text === undefined) return none;
      let statements = compiled.get(holder);
      if (statements === undefined) {
        statements = compile(text);
        compiled.set(holder, statements);
      }
      return statements;
    },
  };
}

const none: readonly Statement[] = [];
/** It is shown in a header, and names what a client wrote. */
const problemCharactersMax = 300;

/** @returns what is wrong with the text of a queue's or topic's policy; undefined: nothing */
export function resourcePolicyProblem(text: string): string | undefined {
  try {
    compilePolicy(JSON.parse(text), 'resource');
    return undefined;
  } catch (error) {
    if (error instanceof PolicyProblem)
      return `${error.path.join('.')} ${error.message}`.trim().slice(-problemCharactersMax);
    if (error instanceof SyntaxError) return 'it is not JSON';
    throw error;
  }
}

/**
 * The first action of a queue's policy that has none of the names of its service: it is accepted, as AWS does, and acts on
 * nothing. Undefined: there is none. @param text of a policy without problems
 */
export function unknownActIn(text: string, actNames: ActNames): PolicyProblem['unknown'] {
  try {
    compilePolicy(JSON.parse(text), 'resource', actNames);
  } catch (error) {
    if (error instanceof PolicyProblem) return error.unknown;
    throw error;
  }
  return undefined;
}

function compile(text: string): readonly Statement[] {
  try {
    return compilePolicy(JSON.parse(text), 'resource');
  } catch (error) {
    if (error instanceof PolicyProblem || error instanceof SyntaxError) return closed;
    throw error;
  }
}

/** Of a policy that nobody can read, perhaps of an earlier version: it may have denied, so it denies. */
const closed: readonly Statement[] = [
  {
    effect: 'Deny',
    namedIn: () => 'direct',
    matchesAction: () => true,
    matchesResource: () => true,
    condition: () => true,
  },
];

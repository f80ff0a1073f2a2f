import { stepsOf } from './budget.ts';
import { type Comparison, comparisons, negated, type Test } from './comparisons.ts';
import { objectAt, textsAt } from './problem.ts';
import type { Question } from './question.ts';
import { filled, hasVariables } from './variables.ts';

/** Undefined: it cannot be told, for the operator or its value is none that is known here. */
export type Condition = (question: Question) => boolean | undefined;

/**
 * The Condition of a statement: every operator with every key must hold. What is not understood is no error: an allowing
 * statement then allows nothing, a denying one denies, so that a policy never gives more than its author meant.
 * @throws PolicyProblem when it has not the shape of a condition
 */
export function compileCondition(value: unknown, path: readonly (string | number)[]): Condition {
  const tests: Condition[] = [];
  for (const [operator, keys] of objectAt(value, path, 'a map of operators')) {
    const at = [...path, operator];
    for (const [key, values] of objectAt(keys, at, 'a map of keys and values')) {
      tests.push(compileTest(operator, key, textsOf(values, [...at, key])));
    }
  }
  return (question) => {
    let isCertain = true;
    for (const test of tests) {
      const holds = test(question);
      if (holds === false) return false;
      if (holds === undefined) isCertain = false;
    }
    return isCertain ? true : undefined;
  };
}

/** Numbers and booleans may stand without quotes. */
function textsOf(value: unknown, path: readonly (string | number)[]): readonly string[] {
  const spelt = (each: unknown) => (typeof each === 'boolean' || typeof each === 'number' ? String(each) : each);
  return textsAt(Array.isArray(value) ? value.map(spelt) : spelt(value), path);
}

function compileTest(operator: string, key: string, values: readonly string[]): Condition {
  const [, quantifier, name = '', ifExists] = /^(?:(For\w+):)?(\w+?)(IfExists)?$/i.exec(operator) ?? [];
  const base = name.toLowerCase();
  if (base === 'null' && quantifier === undefined && ifExists === undefined) return nullTest(key, values);
  const comparison = comparisons.get(base);
  const whenAbsent = absent(quantifier?.toLowerCase(), ifExists !== undefined, negated.has(base));
  if (comparison === undefined || whenAbsent === undefined) return () => undefined;
  const tests = values.map((value) => testFor(comparison, value));
  const isNegated = negated.has(base);
  return (question) => {
    if (!question.budget.spend(stepsOf.fact)) return undefined;
    const fact = question.fact(key);
    return fact === undefined ? whenAbsent : compare(tests, fact, question, isNegated);
  };
}

/** Made once, but for a value with variables in it, which is another one in each request. */
function testFor(comparison: Comparison, value: string): (question: Question) => Test | undefined {
  if (!hasVariables(value)) {
    const test = comparison(value);
    return () => test;
  }
  return (question) => {
    if (!question.budget.spend(stepsOf.compiling)) return undefined;
    const text = filled(value, question);
    return text === undefined ? undefined : comparison(text);
  };
}

/** What holds of a request that has no such key [IAM, IfExists and set operators]; undefined: no such quantifier. */
function absent(quantifier: string | undefined, isIfExists: boolean, isNegated: boolean): boolean | undefined {
  if (quantifier === undefined) return isIfExists || isNegated;
  if (quantifier === 'forallvalues') return true;
  return quantifier === 'foranyvalue' ? isIfExists : undefined;
}

/** Any of the values; for a negated operator none of them. */
function compare(
  tests: readonly ((question: Question) => Test | undefined)[],
  fact: string,
  question: Question,
  isNegated: boolean,
): boolean | undefined {
  let isCertain = true;
  for (const testOf of tests) {
    if (!question.budget.spend(stepsOf.comparison + fact.length)) return undefined;
    const is = testOf(question)?.(fact, question.budget);
    if (is === true) return !isNegated;
    if (is === undefined) isCertain = false;
  }
  return isCertain ? isNegated : undefined;
}

function nullTest(key: string, values: readonly string[]): Condition {
  const wanted = values.map((value) => value.toLowerCase());
  if (wanted.some((value) => value !== 'true' && value !== 'false')) return () => undefined;
  return (question) => {
    if (!question.budget.spend(stepsOf.fact)) return undefined;
    return wanted.includes(String(question.fact(key) === undefined));
  };
}

import { stepsOf } from './budget.ts';
import type { Question } from './question.ts';

const variable = /\$\{([^{}]{1,128})\}/g;

export function hasVariables(text: string): boolean {
  return text.includes('${');
}

/**
 * A value of a policy with its variables filled in: `${aws:username}`, `${aws:username, 'nobody'}` [IAM policy variables].
 * @returns undefined when it names what the request has not, or the budget is used up
 */
export function filled(text: string, question: Question): string | undefined {
  if (!hasVariables(text)) return text;
  const { budget } = question;
  let isWhole = budget.spend(text.length);
  const result = text.replace(variable, (_, name: string) => {
    if (name === '$' || !isWhole) return name;
    if (!budget.spend(stepsOf.fact)) isWhole = false;
    const [, key = name, fallback] = /^([^,]+?)\s*,\s*'([^']*)'$/.exec(name) ?? [];
    const value = question.fact(key.trim()) ?? fallback;
    // A value is taken as it is: with a wildcard in it, it would stand for others.
    if (value === undefined || !budget.spend(value.length) || /[*?]/.test(value)) isWhole = false;
    return value ?? '';
  });
  return isWhole ? result : undefined;
}

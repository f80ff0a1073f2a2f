import type { Question } from './question.ts';

const variable = /\$\{([^{}]{1,128})\}/g;

export function hasVariables(text: string): boolean {
  return text.includes('${');
}

/**
 * A value of a policy with its variables filled in: `${aws:username}`, `${aws:username, 'nobody'}` [IAM policy variables].
 * @returns undefined when it names what the request has not
 */
export function filled(text: string, question: Question): string | undefined {
  if (!hasVariables(text)) return text;
  let isWhole = true;
  const result = text.replace(variable, (_, name: string) => {
    if (name === '$') return name;
    const [, key = name, fallback] = /^([^,]+?)\s*,\s*'([^']*)'$/.exec(name) ?? [];
    const value = question.fact(key.trim().toLowerCase()) ?? fallback;
    // A value is taken as it is: with a wildcard in it, it would stand for others.
    if (value === undefined || /[*?]/.test(value)) isWhole = false;
    return value ?? '';
  });
  return isWhole ? result : undefined;
}

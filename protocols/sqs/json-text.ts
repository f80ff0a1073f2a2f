import { isTooIntricate } from '../aws/json-guard.ts';
import { sqsLimits } from './limits.ts';

/**
 * The JSON object that an attribute holds as text, by its keys.
 * @returns undefined when it is none, or larger or deeper than a policy is
 */
export function parseJsonText(text: string): ReadonlyMap<string, unknown> | undefined {
  if (text.length > sqsLimits.policyCharactersMax || isTooIntricate(Buffer.from(text))) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined; // Not JSON: the caller words the refusal.
  }
}

/** JSON with the keys of every object in order, so that two texts that say the same are the same. */
export function canonicalJson(text: string): string {
  return canonical(JSON.parse(text));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}

import { compareNumeric, type Numeric, parseNumeric } from './numeric.ts';
import type { FilterRule } from './policy.ts';
import { type PolicySource, refuse } from './source.ts';

const tooManyElements = 'Too many elements in numeric expression';

/**
 * Reads `["=", 1]`, `[">", 1]` or `[">", 1, "<=", 2]`, whose bracket is the next token. The order in which it looks at
 * things is AWS's, since it decides which of several faults is named, and where.
 */
export function parseNumericRule(source: PolicySource): FilterRule {
  const { cursor } = source;
  if (cursor.next().kind !== '[') refuse(source, 'Value of numeric must be an array.');
  const first = cursor.next().kind;
  const operator = cursor.read();
  if (first !== 'string') refuse(source, `Invalid member in numeric match: ${operator}`);
  switch (operator) {
    case '=': {
      const value = numberNext(source, 'equals');
      if (cursor.next().kind !== ']') refuse(source, tooManyElements);
      return { op: 'equals', value };
    }
    case '<':
    case '<=': {
      const value = numberNext(source, operator);
      if (cursor.next().kind !== ']') refuse(source, tooManyElements);
      return { op: 'range', high: { value, isInclusive: operator === '<=' } };
    }
    case '>':
    case '>=':
      return parseFromBelow(source, operator);
    default:
      // AWS's reader has moved on before it looks at the operator.
      cursor.next();
      return refuse(source, `Unrecognized numeric range operator: ${operator}`);
  }
}

function parseFromBelow(source: PolicySource, operator: '>' | '>='): FilterRule {
  const { cursor } = source;
  const low = { value: numberNext(source, operator), isInclusive: operator === '>=' };
  const second = cursor.next().kind;
  if (second === ']') return { op: 'range', low };
  const upper = cursor.read();
  if (second !== 'string') refuse(source, `Bad value in numeric range: ${upper}`);
  if (upper !== '<' && upper !== '<=') refuse(source, `Bad numeric range operator: ${upper}`);
  const high = { value: numberNext(source, upper), isInclusive: upper === '<=' };
  if (cursor.next().kind !== ']') refuse(source, 'Too many terms in numeric range expression');
  if (compareNumeric(low.value, high.value) >= 0) refuse(source, 'Bottom must be less than top');
  return { op: 'range', low, high };
}

function numberNext(source: PolicySource, name: string): Numeric {
  const value = source.cursor.next().kind === 'number' ? parseNumeric(source.cursor.read()) : undefined;
  return value ?? refuse(source, `Value of ${name} must be numeric`);
}

import { describe, expect, it } from 'vitest';
import { listInput, listOutput, mapInput, mapOutput } from '../../../../protocols/aws/query-spelling.ts';
import { spellingOf } from '../../../../protocols/sqs/query-spelling.ts';
import { type OperationName, operationShapes } from '../../../../protocols/sqs/shapes.ts';
import { publishedSpellings, type Spelt } from './published-model.ts';

/** Lists that SQS has reserved and never answers. */
const reserved = new Set(['StringListValues', 'BinaryListValues']);
const published = publishedSpellings().filter(({ side, member }) => side === 'input' || !reserved.has(member));

it('the published model has lists and maps on both sides', () => {
  expect(published.filter(({ side }) => side === 'input').length).toBeGreaterThan(20);
  expect(published.filter(({ side }) => side === 'output').length).toBeGreaterThan(10);
  expect(published.map(({ spelling }) => spelling)).not.toContain('not flattened');
});

describe('spelt as in the published model', () => {
  it.each(published)('$operation $side $member: $spelling', (spelt) => {
    expect(ownSpelling(spelt)).toBe(spelt.spelling);
  });
});

function ownSpelling({ operation, side, member, spelling }: Spelt): string {
  if (!isOperation(operation)) return `no operation ${operation}`;
  const own = spellingOf(operation);
  const isMap = spelling.includes(' ');
  if (side === 'input') {
    const { prefixes, key, value } = isMap ? mapInput(own, member) : listInput(own, member);
    return isMap ? `${prefixes[0]} ${key} ${value}` : String(prefixes[0]);
  }
  const { wrapper, element, key, value } = isMap ? mapOutput(own, member) : listOutput(own, member);
  expect(wrapper).toBeUndefined();
  return isMap ? `${element} ${key} ${value}` : element;
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operationShapes, name);
}

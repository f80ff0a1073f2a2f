/**
 * Our tables against the model that AWS publishes: an operation, a member or an error that a new SDK brings shows here by
 * its name.
 */
import { expect, it } from 'vitest';
import { snsErrors } from '../../../protocols/sns/errors.ts';
import { createSns } from '../../../protocols/sns/index.ts';
import { publishRows } from '../../../protocols/sns/operations/publish.ts';
import type { Row } from '../../../protocols/sns/operations/row.ts';
import { subscriptionRows } from '../../../protocols/sns/operations/subscriptions.ts';
import { topicRows } from '../../../protocols/sns/operations/topics.ts';
import { type Members, operationShapes, type Shape } from '../../../protocols/sns/shapes.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { withServer } from '../sqs/with-server.ts';
import { sdkErrors, sdkOperations } from './sdk-model.ts';

const ours = Object.entries(operationShapes).flatMap(([name, { input, output }]) => [
  `${name} ${output === undefined ? 'answers nothing' : 'answers'}`,
  ...linesOf(input, `${name} <`),
  ...linesOf(output ?? {}, `${name} >`),
]);

it('every operation and member of the published model is in our table, and nothing else', () => {
  expect(sdkOperations()).toContain('Publish <.MessageAttributes{Name Value}.BinaryValue: bytes');
  expect(Object.keys(operationShapes)).toHaveLength(42);
  expect(ours.toSorted()).toEqual(sdkOperations().toSorted());
});

it('no operation is served that the table has not', () =>
  withServer(async ({ broker, clock }) => {
    const { operations } = createSns({ broker, clock, random: createFixedRandom() });

    expect(Object.keys(operationShapes)).toEqual(expect.arrayContaining(operations.map(({ name }) => name)));
  }));

it('an operation answers with a result where the model has one', () => {
  const rows: readonly Row[] = [...topicRows, ...subscriptionRows, ...publishRows];

  expect(rows.map(({ name, hasResult }) => [name, hasResult])).toEqual(
    rows.map(({ name }) => [name, operationShapes[name].output !== undefined]),
  );
});

it('every error of the published model is ours, with its code and status', () => {
  const known = new Map<string, { readonly code: string; readonly status: number }>(Object.entries(snsErrors));
  const expected = sdkErrors().map(({ shape, code = shape, status = 400 }) => [shape, code, status]);

  expect(expected.length).toBeGreaterThanOrEqual(30);
  expect(expected.map(([shape]) => [shape, known.get(String(shape))?.code, known.get(String(shape))?.status])).toEqual(
    expected,
  );
});

function linesOf(members: Members, before: string): readonly string[] {
  return Object.entries(members).flatMap(([name, shape]) => shapeLines(shape, `${before}.${name}`));
}

function shapeLines(shape: Shape, at: string): readonly string[] {
  if (typeof shape === 'string') return [`${at}: ${shape}`];
  const { key, value } =
    'halves' in shape && shape.halves !== undefined ? shape.halves : { key: 'key', value: 'value' };
  const inner = 'of' in shape ? shape.of : shape.to;
  const inside = `${at}${'of' in shape ? '[]' : `{${key} ${value}}`}`;
  return inner === 'text' ? [`${inside}: text`] : linesOf(inner, inside);
}

import { expect, test } from 'vitest';
import { actNames, actOf } from '../../../protocols/sns/acts.ts';
import { operationShapes } from '../../../protocols/sns/shapes.ts';

test('every operation has an action of its own, and a batch is what it is a batch of', () => {
  for (const operation of Object.keys(operationShapes)) {
    if (operation !== 'PublishBatch') expect(actOf(operation).name).toBe(`sns:${operation}`);
    expect(actOf(operation).action).not.toBe('admin');
    expect(actNames.get(`sns:${operation}`.toLowerCase())).toBe(`sns:${operation}`);
  }
  expect(actOf('PublishBatch')).toEqual(actOf('Publish'));
});

test('an operation that the table lacks is an admin’s', () => {
  expect(actOf('LaunchTopic').action).toBe('admin');
});

import * as sns from '../../../protocols/sns/shapes.ts';
import type { Members, OperationShape, Shape } from '../../../protocols/sqs/shapes.ts';

/** The table of SNS in the words of that of SQS; on the line of the AWS CLI the spelling of the Query protocol counts for nothing. */
export const snsOperations: Readonly<Record<string, OperationShape>> = Object.fromEntries(
  Object.entries(sns.operationShapes).map(([name, { input, output }]) => [
    name,
    { input: membersOf(input), output: output && membersOf(output) },
  ]),
);

function membersOf(members: sns.Members): Members {
  return Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, shapeOf(shape)]));
}

function shapeOf(shape: sns.Shape): Shape {
  if (shape === 'timestamp') return 'text';
  if (typeof shape === 'string') return shape;
  if ('of' in shape) return { element: 'member', of: innerOf(shape.of) };
  return { element: 'entry', key: 'key', value: 'value', to: innerOf(shape.to) };
}

function innerOf(inner: 'text' | sns.Members) {
  return inner === 'text' ? inner : { members: membersOf(inner) };
}

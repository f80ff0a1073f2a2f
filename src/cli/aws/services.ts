import { type Members, type OperationShape, operationShapes } from '../../../protocols/sqs/shapes.ts';
import { kebab } from './names.ts';
import { snsOperations } from './sns-shapes.ts';

export interface AwsServiceShape {
  readonly name: string;
  /** What stands before the dot of X-Amz-Target. */
  readonly targetPrefix: string;
  readonly operations: Readonly<Record<string, OperationShape>>;
}
export interface AwsOperation {
  readonly service: AwsServiceShape;
  /** As the API has it: `CreateQueue`. */
  readonly name: string;
  readonly shape: OperationShape;
  /** Set: its answer comes in pages of this list, which are put together. */
  readonly pagedList: string | undefined;
}

const services: readonly AwsServiceShape[] = [
  { name: 'sqs', targetPrefix: 'AmazonSQS', operations: operationShapes },
  { name: 'sns', targetPrefix: 'AmazonSimpleNotificationService', operations: snsOperations },
  {
    name: 'sts',
    targetPrefix: 'AWSSecurityTokenServiceV20110615',
    operations: {
      GetCallerIdentity: { input: {}, output: {} },
      GetSessionToken: { input: { DurationSeconds: 'integer' }, output: {} },
      AssumeRole: { input: { RoleArn: 'text', RoleSessionName: 'text', DurationSeconds: 'integer' }, output: {} },
    },
  },
];

export function findService(word: string): AwsServiceShape | undefined {
  return services.find(({ name }) => name === word);
}

export function operationWords(service: AwsServiceShape): readonly string[] {
  return Object.keys(service.operations).map(kebab).toSorted();
}

/** @param word as it is typed: `create-queue` */
export function findOperation(service: AwsServiceShape, word: string): AwsOperation | undefined {
  const [name, shape] = Object.entries(service.operations).find(([each]) => kebab(each) === word) ?? [];
  if (name === undefined || shape === undefined) return undefined;
  return { service, name, shape, pagedList: pagedListOf(shape) };
}

function pagedListOf({ input, output = {} }: OperationShape): string | undefined {
  const isPaged = [input, output].every((members: Members) => members.NextToken !== undefined);
  return isPaged ? Object.keys(output).find((name) => name !== 'NextToken') : undefined;
}

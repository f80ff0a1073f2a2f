import type { InputSpelling, OutputSpelling, QuerySpelling } from '../aws/query-spelling.ts';

/**
 * How SQS spells its lists and maps in the Query protocol: flattened, under a name of their own [sqs-sns 0.1]. The name
 * in the model is taken as well: a Java SDK sends it, and AWS takes it.
 */
const inputs: readonly (readonly [string, InputSpelling])[] = [
  flatList('AttributeNames', 'AttributeName'),
  flatList('MessageAttributeNames', 'MessageAttributeName'),
  flatList('MessageSystemAttributeNames', 'MessageSystemAttributeName'),
  flatList('TagKeys', 'TagKey'),
  flatList('AWSAccountIds', 'AWSAccountId'),
  flatList('Actions', 'ActionName'),
  flatList('StringListValues', 'StringListValue'),
  flatList('BinaryListValues', 'BinaryListValue'),
  flatMap('Attributes', 'Attribute', 'Name', 'Value'),
  flatMap('MessageAttributes', 'MessageAttribute', 'Name', 'Value'),
  flatMap('MessageSystemAttributes', 'MessageSystemAttribute', 'Name', 'Value'),
  flatMap('Tags', 'Tag', 'Key', 'Value'),
  flatMap('tags', 'Tag', 'Key', 'Value', 'Tags'),
];

const outputs: readonly (readonly [string, OutputSpelling])[] = [
  ['QueueUrls', { element: 'QueueUrl', nameInJson: 'queueUrls' }],
  ['queueUrls', { element: 'QueueUrl' }],
  ['Messages', { element: 'Message', nameInJson: 'messages' }],
  ['Attributes', { element: 'Attribute', key: 'Name', value: 'Value' }],
  ['MessageAttributes', { element: 'MessageAttribute', key: 'Name', value: 'Value' }],
  ['Tags', { element: 'Tag', key: 'Key', value: 'Value' }],
  ['Failed', { element: 'BatchResultErrorEntry' }],
  ['Results', { element: 'ListMessageMoveTasksResultEntry' }],
];

/** Operations that AWS does not take on a queue's own URL (verified) [sqs-sns 0.1]. */
export const rootOnly: ReadonlySet<string> = new Set(['CreateQueue', 'ListQueues']);

/** The rows of batches are named for their operation. */
export function spellingOf(operation: string): QuerySpelling {
  return {
    inputs: new Map([...inputs, flatList('Entries', `${operation}RequestEntry`)]),
    outputs: new Map([...outputs, ['Successful', { element: `${operation}ResultEntry` }]]),
  };
}

function flatList(name: string, prefix: string) {
  return [name, { prefixes: [prefix, name] }] as const;
}

function flatMap(name: string, prefix: string, key: string, value: string, also = name) {
  return [name, { prefixes: [prefix, also], key, value }] as const;
}

import type { Json, JsonObject } from '../cases/case.ts';
import type { Element } from './xml.ts';

/**
 * The Query protocol as a client speaks it, written down from AWS's model and by itself: what an input is in parameters, and
 * what an answer's elements are as the JSON of the same operation.
 */
const lists: Readonly<Record<string, string>> = {
  AttributeNames: 'AttributeName',
  MessageAttributeNames: 'MessageAttributeName',
  MessageSystemAttributeNames: 'MessageSystemAttributeName',
  TagKeys: 'TagKey',
  AWSAccountIds: 'AWSAccountId',
  Actions: 'ActionName',
  StringListValues: 'StringListValue',
  BinaryListValues: 'BinaryListValue',
};
const maps: Readonly<Record<string, readonly [string, string, string]>> = {
  Attributes: ['Attribute', 'Name', 'Value'],
  MessageAttributes: ['MessageAttribute', 'Name', 'Value'],
  MessageSystemAttributes: ['MessageSystemAttribute', 'Name', 'Value'],
  Tags: ['Tag', 'Key', 'Value'],
  tags: ['Tag', 'Key', 'Value'],
};

export function parametersOf(operation: string, input: JsonObject): URLSearchParams {
  const parameters = new URLSearchParams({ Action: operation, Version: '2012-11-05' });
  for (const [name, value] of Object.entries(input)) spell(name, value, '');
  return parameters;

  function spell(name: string, value: Json, before: string): void {
    if (value === null) return;
    if (Array.isArray(value)) {
      const single = name === 'Entries' ? `${operation}RequestEntry` : (lists[name] ?? name);
      for (const [index, each] of value.entries()) spellValue(`${before}${single}.${index + 1}`, each);
    } else if (isObject(value) && maps[name] !== undefined) {
      const [single, keyName, valueName] = maps[name];
      for (const [index, [key, each]] of Object.entries(value).entries()) {
        parameters.append(`${before}${single}.${index + 1}.${keyName}`, key);
        spellValue(`${before}${single}.${index + 1}.${valueName}`, each);
      }
    } else spellValue(`${before}${name}`, value);
  }

  function spellValue(name: string, value: Json): void {
    if (isObject(value)) for (const [key, each] of Object.entries(value)) spell(key, each, `${name}.`);
    else parameters.append(name, String(value));
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const outputLists: Readonly<Record<string, string>> = {
  BatchResultErrorEntry: 'Failed',
  SendMessageBatchResultEntry: 'Successful',
  DeleteMessageBatchResultEntry: 'Successful',
  ChangeMessageVisibilityBatchResultEntry: 'Successful',
  ListMessageMoveTasksResultEntry: 'Results',
};
const outputMaps: Readonly<Record<string, readonly [string, string, string]>> = {
  Attribute: ['Attributes', 'Name', 'Value'],
  MessageAttribute: ['MessageAttributes', 'Name', 'Value'],
  Tag: ['Tags', 'Key', 'Value'],
};
const numbers = new Set([
  'ApproximateNumberOfMessagesMoved',
  'ApproximateNumberOfMessagesToMove',
  'MaxNumberOfMessagesPerSecond',
  'StartedTimestamp',
]);

/** Of the answer's document; `{}` where there is no result. */
export function outputOf(operation: string, root: Element): JsonObject {
  const result = root.children.find(({ name }) => name === `${operation}Result`);
  return result === undefined ? {} : structureOf(operation, result.children);
}

function structureOf(operation: string, elements: readonly Element[]): JsonObject {
  const members = new Map<string, Json>();
  const listed = new Map<string, Json[]>();
  if (operation === 'ListDeadLetterSourceQueues') listed.set('queueUrls', []); // Required by the model.
  const mapped = new Map<string, Record<string, Json>>();
  for (const element of elements) {
    const list = listOf(operation, element.name);
    const map = outputMaps[element.name];
    if (list !== undefined) listed.set(list, [...(listed.get(list) ?? []), jsonOf(element)]);
    else if (map !== undefined) {
      const [name, keyName, valueName] = map;
      const [key, value] = [keyName, valueName].map((each) => element.children.find((part) => part.name === each));
      if (key === undefined || value === undefined) throw new Error(`<${element.name}> has no key or no value`);
      mapped.set(name, { ...mapped.get(name), [key.text]: jsonOf(value) });
    } else members.set(element.name, jsonOf(element));
  }
  return Object.fromEntries([...members, ...listed, ...mapped]);
}

function listOf(operation: string, element: string): string | undefined {
  if (element === 'QueueUrl' && operation === 'ListQueues') return 'QueueUrls';
  if (element === 'QueueUrl' && operation === 'ListDeadLetterSourceQueues') return 'queueUrls';
  if (element === 'Message' && operation === 'ReceiveMessage') return 'Messages'; // Of an error it is the text.
  return outputLists[element];
}

function jsonOf(element: Element): Json {
  const { name, children, text } = element;
  if (children.length > 0) return structureOf('', children);
  if (name === 'SenderFault') return text === 'true';
  return numbers.has(name) ? Number(text) : text;
}

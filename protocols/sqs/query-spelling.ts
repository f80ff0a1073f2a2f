import type { InputSpelling, OutputSpelling, QuerySpelling } from '../aws/query-spelling.ts';
import { type List, type Members, type OperationName, operationShapes, type TextMap } from './shapes.ts';

/** Operations that AWS does not take on a queue's own URL (verified) [sqs-sns 0.1]. */
export const rootOnly: ReadonlySet<string> = new Set(['CreateQueue', 'ListQueues']);

/** Where the Query protocol of the field says more than the model, or says it otherwise. */
const otherPrefixes: ReadonlyMap<string, readonly string[]> = new Map([
  // The model has the element of AttributeNames here too, by which that list is read.
  ['MessageSystemAttributeNames', ['MessageSystemAttributeName', 'MessageSystemAttributeNames']],
  ['tags', ['Tag', 'Tags']],
]);
const namesInJson: ReadonlyMap<string, string> = new Map([
  ['QueueUrls', 'queueUrls'],
  ['Messages', 'messages'],
]);

/**
 * How SQS spells the lists and maps of an operation in the Query protocol: flattened, under a name of their own
 * [sqs-sns 0.1]. The name in the model is taken as well: a Java SDK sends it, and AWS takes it.
 */
export function spellingOf(operation: OperationName): QuerySpelling {
  const { input, output } = operationShapes[operation];
  const inputs = new Map<string, InputSpelling>();
  for (const [name, shape] of repeatedIn(input)) {
    inputs.set(name, { prefixes: otherPrefixes.get(name) ?? [shape.element, name], ...halvesOf(shape) });
  }
  const outputs = new Map<string, OutputSpelling>();
  for (const [name, shape] of repeatedIn(output ?? {})) {
    const nameInJson = namesInJson.get(name);
    const other = nameInJson === undefined ? {} : { nameInJson };
    outputs.set(name, { element: shape.element, ...other, ...halvesOf(shape) });
  }
  return { inputs, outputs };
}

/** Lists and maps at any depth: a name means the same wherever it stands. */
function* repeatedIn(members: Members): Generator<readonly [string, List | TextMap]> {
  for (const [name, shape] of Object.entries(members)) {
    if (typeof shape === 'string') continue;
    if ('members' in shape) yield* repeatedIn(shape.members);
    else {
      yield [name, shape];
      const inner = 'of' in shape ? shape.of : shape.to;
      if (typeof inner !== 'string') yield* repeatedIn(inner.members);
    }
  }
}

function halvesOf(shape: List | TextMap): { readonly key?: string; readonly value?: string } {
  return 'key' in shape ? { key: shape.key, value: shape.value } : {};
}

/** The model of SNS that AWS publishes with its SDK for JavaScript, as lines of text: an operation, a member, an error a line. */
import * as sdk from '@aws-sdk/client-sns';

// The SDK's schemas are arrays: [kind, namespace, name, traits, ...]. What is in them is a number for a scalar, a
// function that gives a schema, or a pair of either with its traits.
const kinds = { error: -3, simple: 0, list: 1, map: 2, structure: 3, operation: 9 } as const;
const listOfTexts = 64;
const mapOfTexts = 128;
const scalars = new Map<unknown, string>([
  [0, 'text'],
  [1, 'integer'],
  [2, 'boolean'],
  [4, 'timestamp'],
  [21, 'bytes'],
]);

export interface SdkError {
  readonly shape: string;
  /** Undefined where the model leaves it to the shape's name. */
  readonly code: string | undefined;
  readonly status: number | undefined;
}

/** `Publish <.Message: text` is a member of what it reads, `Publish >.MessageId: text` one of its answer. */
export function sdkOperations(): readonly string[] {
  return schemasOf(kinds.operation).flatMap(([, , name, , input, output]) => {
    const answer = followed(output);
    return [
      `${name} ${answer === 'unit' ? 'answers nothing' : 'answers'}`,
      ...memberLines(followed(input), `${name} <`),
      ...memberLines(answer, `${name} >`),
    ];
  });
}

export function sdkErrors(): readonly SdkError[] {
  return schemasOf(kinds.error)
    .filter(([, namespace]) => namespace === 'com.amazonaws.sns')
    .map(([, , name, traits]) => {
      const query = trait(traits, 'awsQueryError');
      const status = trait(traits, 'httpError');
      return {
        shape: String(name),
        code: Array.isArray(query) ? String(query[0]) : undefined,
        status: typeof status === 'number' ? status : undefined,
      };
    });
}

function schemasOf(wanted: number): readonly (readonly unknown[])[] {
  const found: unknown[][] = [];
  for (const each of Object.values(sdk)) if (Array.isArray(each) && each[0] === wanted) found.push([...each]);
  return found;
}

function memberLines(structure: unknown, before: string): readonly string[] {
  if (!Array.isArray(structure)) return [];
  const names: unknown = structure[4];
  const shapes: unknown = structure[5];
  if (!Array.isArray(names) || !Array.isArray(shapes)) return [`${before}: no members`];
  return names.flatMap((name: unknown, index) => shapeLines(shapes[index], `${before}.${String(name)}`));
}

function shapeLines(given: unknown, at: string): readonly string[] {
  const { schema } = withName(given);
  if (schema === listOfTexts) return [`${at}[]: text`];
  if (schema === mapOfTexts) return [`${at}{key value}: text`];
  if (!Array.isArray(schema)) return [`${at}: ${scalars.get(schema) ?? `unknown ${String(schema)}`}`];
  const [kind, , , , first, second]: readonly unknown[] = schema;
  if (kind === kinds.simple) return shapeLines(first, at);
  if (kind === kinds.structure) return memberLines(schema, at);
  if (kind === kinds.list) return shapeLines(withName(first).schema, `${at}[]`);
  if (kind !== kinds.map) return [`${at}: unknown kind ${String(kind)}`];
  const value = withName(second);
  return shapeLines(value.schema, `${at}{${withName(first).name} ${value.name}}`);
}

function withName(given: unknown): { readonly schema: unknown; readonly name: string } {
  const isPair = Array.isArray(given) && given.length === 2;
  const [schema, traits]: readonly unknown[] = isPair ? given : [given];
  return { schema: followed(schema), name: String(trait(traits, 'xmlName')) };
}

function followed(schema: unknown): unknown {
  return typeof schema === 'function' ? followed(schema()) : schema;
}

function trait(traits: unknown, name: string): unknown {
  if (typeof traits !== 'object' || traits === null) return undefined;
  return Object.entries(traits).find(([key]) => key === name)?.[1];
}

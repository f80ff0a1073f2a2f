import { type OperationName, operationShapes } from './shapes.ts';

/**
 * The answer in JSON to a Query request, as boto 2 and what was written with it reads it: a map is an object, and what an
 * output lacks is there as null, above all `NextToken` of a last page.
 * @param output undefined: the operation has none
 */
export function jsonDocument(operation: OperationName, output: object | undefined, requestId: string): string {
  const result = output === undefined ? {} : { [`${operation}Result`]: { ...absentIn(operation), ...output } };
  const document = { [`${operation}Response`]: { ...result, ResponseMetadata: { RequestId: requestId } } };
  return JSON.stringify(document, (_, value: unknown) => value ?? null);
}

function absentIn(operation: OperationName): Readonly<Record<string, null>> {
  return Object.fromEntries(Object.keys(operationShapes[operation].output ?? {}).map((name) => [name, null]));
}

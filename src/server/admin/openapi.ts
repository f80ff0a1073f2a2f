import { jsonSchemaOf } from '../json-schema.ts';
import type { Operation } from './operation.ts';
import { adminPrefix } from './table.ts';

/** The table of operations as an OpenAPI 3.1 document: what programs and people read instead of the code. */
export function openApiOf(operations: readonly Operation[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const row of operations) {
    const path = `${adminPrefix}${row.path === '/' ? '' : row.path}`;
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: operationOf(row) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gantry admin API',
      version,
      description: 'JSON over HTTP. Errors are `{"error":{"code","message","hint"?}}`. With users: HTTP Basic.',
    },
    paths,
  };
}

function operationOf({ path, summary, query, body, isBodyOptional, answers }: Operation): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
    parameter(name ?? '', 'path', { type: 'string' }, true),
  );
  const inQuery = Object.entries(query === undefined ? {} : query.entries).map(([name, schema]) =>
    parameter(name, 'query', jsonSchemaOf(schema), !('wrapped' in schema)),
  );
  const namespace = ['account', 'region'].map((name) => parameter(name, 'query', { type: 'string' }, false));
  return {
    summary,
    parameters: [...inPath, ...inQuery, ...namespace],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: isBodyOptional !== true,
            content: { 'application/json': { schema: jsonSchemaOf(body) } },
          },
        }),
    responses: Object.fromEntries(Object.entries(answers).map(([status, description]) => [status, { description }])),
  };
}

function parameter(name: string, place: 'path' | 'query', schema: object, required: boolean): object {
  return { name, in: place, required, schema };
}

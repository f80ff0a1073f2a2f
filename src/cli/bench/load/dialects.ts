import type { Dialect } from './dialect.ts';
import type { Endpoint, Protocol } from './endpoint.ts';
import { jsonDialect } from './json-dialect.ts';
import { queryDialect } from './query-dialect.ts';

const dialects: Readonly<Record<Protocol, Dialect>> = { json: jsonDialect, query: queryDialect };

export function dialectOf(endpoint: Endpoint): Dialect {
  return dialects[endpoint.protocol ?? 'json'];
}

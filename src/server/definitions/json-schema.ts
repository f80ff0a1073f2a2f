import { jsonSchemaOf } from '../json-schema.ts';
import { definitionKinds } from './kinds.ts';

/**
 * Files of definitions as JSON Schema, for editors: `# yaml-language-server: $schema=definitions.schema.json` in their first
 * line. What a value means is judged by the schemas of the kinds alone; this one lets pass all that they take.
 */
export function definitionsSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#', // What editors of YAML understand.
    title: 'Definitions of Gantry',
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' }, ...definitionLists() },
  };
}

/** Of each kind the list under its key, which may stand in the configuration file as well. */
export function definitionLists(): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    definitionKinds.map(({ key, schema }) => [key, { type: 'array', items: withVariables(jsonSchemaOf(schema)) }]),
  );
}

/** Where one of some texts is expected, `${NAME}` may stand for it. */
function withVariables(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withVariables);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withVariables(value)]));
  const { enum: words, pattern, title, ...rest } = parts;
  if (words === undefined && pattern === undefined) return parts;
  const named = title === undefined ? {} : { title };
  return { ...named, anyOf: [{ ...rest, ...(words === undefined ? { pattern } : { enum: words }) }, variable] };
}

const variable = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' };

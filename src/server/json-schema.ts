import { toJsonSchema } from '@valibot/to-json-schema';

/** As it comes in, checks that JSON Schema has no word for left out. */
export function jsonSchemaOf(schema: Parameters<typeof toJsonSchema>[0]): object {
  const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
  return rest;
}

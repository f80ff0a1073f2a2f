import { definitionLists } from './definitions/json-schema.ts';
import type { Option } from './option-kinds.ts';
import { optionName, options, variableName } from './options.ts';
import { userListSchema } from './users-schema.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

const { queues = {}, topics = {} } = definitionLists();

/** Keys of the file that are no options, each with the schema of what stands below it. */
const sections: Readonly<Record<string, JsonSchema>> = {
  users: userListSchema,
  ...{ queues, topics },
};

const rows: readonly (readonly [string, Option<unknown>])[] = Object.entries(options);

/**
 * The configuration file as JSON Schema, for editors: `# yaml-language-server: $schema=gantry.schema.json` in its first
 * line. What a value means is judged by `loadConfig` alone; the schema lets pass all that it takes.
 */
export function configSchema(): JsonSchema {
  const inFile = rows.filter(([, option]) => option.isOutsideFile !== true);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#', // What editors of YAML understand.
    title: 'Configuration of Gantry',
    type: 'object',
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(inFile.map(([key, option]) => [optionName(key), propertyOf(key, option)])),
      ...sections,
    },
  };
}

function propertyOf(key: string, { help, defaultText, isList, schema }: Option<unknown>): JsonSchema {
  const notes = [defaultText === '' ? undefined : `default: ${defaultText}`, variableName(key)];
  const description = `${help} [${notes.filter((note) => note !== undefined).join('; ')}]`;
  if (!isList) return { description, ...schema };
  // A list is also one value, or a text with commas.
  return { description, anyOf: [schema, { type: 'array', items: schema, minItems: 1 }, { type: 'string' }] };
}

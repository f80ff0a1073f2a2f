/** Whether a value is what a JSON schema says: the keywords that ours use, and an error for any other. */
export function fitsSchema(value: unknown, schema: unknown): boolean {
  if (!isObject(schema)) throw new Error('a schema is an object');
  return Object.entries(schema).every(([keyword, said]) => {
    const rule = rules[keyword];
    if (rule === undefined) throw new Error(`the schema says ${keyword}, which this cannot judge`);
    return rule(value, said, schema);
  });
}

type Rule = (value: unknown, said: unknown, schema: Readonly<Record<string, unknown>>) => boolean;

const rules: Readonly<Record<string, Rule>> = {
  $schema: () => true,
  title: () => true,
  description: () => true,
  type: (value, said) => typeOf(value) === said || (said === 'number' && typeOf(value) === 'integer'),
  enum: (value, said) => list(said).includes(value),
  pattern: (value, said) => typeof value !== 'string' || new RegExp(String(said)).test(value),
  minimum: (value, said) => typeof value !== 'number' || value >= Number(said),
  maximum: (value, said) => typeof value !== 'number' || value <= Number(said),
  anyOf: (value, said) => list(said).some((one) => fitsSchema(value, one)),
  items: (value, said) => !Array.isArray(value) || value.every((item) => fitsSchema(item, said)),
  maxItems: (value, said) => !Array.isArray(value) || value.length <= Number(said),
  minLength: (value, said) => typeof value !== 'string' || value.length >= Number(said),
  maxLength: (value, said) => typeof value !== 'string' || value.length <= Number(said),
  propertyNames: (value, said) => !isObject(value) || Object.keys(value).every((key) => fitsSchema(key, said)),
  minItems: (value, said) => !Array.isArray(value) || value.length >= Number(said),
  required: (value, said) => !isObject(value) || list(said).every((key) => Object.hasOwn(value, String(key))),
  properties: (value, said) =>
    !isObject(value) ||
    Object.entries(value).every(([key, one]) => !isObject(said) || !(key in said) || fitsSchema(one, said[key])),
  additionalProperties: (value, said, { properties }) =>
    said !== false || !isObject(value) || Object.keys(value).every((key) => isObject(properties) && key in properties),
};

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return value === null ? 'null' : typeof value;
}

function list(said: unknown): readonly unknown[] {
  if (!Array.isArray(said)) throw new Error('the schema has no list where one belongs');
  return said;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

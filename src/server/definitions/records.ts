import * as v from 'valibot';

/** What valibot leaves out of every record without a word; names of tags and properties they can be all the same. */
const leftOut = ['__proto__', 'prototype', 'constructor'] as const;

type Key = v.GenericSchema<string, string>;
type Value<T> = v.GenericSchema<unknown, T>;

/** `v.record` that keeps every name that is the object's own. */
export function record<T, M extends string | undefined = undefined>(
  key: Key,
  value: Value<T>,
  message?: M,
): v.RecordSchema<Key, Value<T>, string | undefined> {
  const schema = v.record(key, value, message);
  const run: (typeof schema)['~run'] = schema['~run'].bind(schema);
  return Object.assign(schema, {
    '~run': (...[dataset, config]: Parameters<typeof run>): ReturnType<typeof run> => {
      const input = dataset.value;
      const result = run(dataset, config);
      if (!result.typed) return result;
      for (const name of leftOut) {
        const own = typeof input === 'object' && input !== null && Object.getOwnPropertyDescriptor(input, name);
        if (!own) continue;
        const entry = value['~run']({ value: own.value }, config);
        const item = { type: 'object', origin: 'value', input: { ...input }, key: name, value: own.value } as const;
        if (entry.issues !== undefined) {
          const [first, ...rest] = entry.issues;
          return { typed: false, value: result.value, issues: [at(first, item), ...rest.map((one) => at(one, item))] };
        }
        // Defined, not set: to set `__proto__` is to give the object another prototype.
        const property = { value: entry.value, enumerable: true, writable: true, configurable: true };
        Object.defineProperty(result.value, name, property);
      }
      return result;
    },
  });
}

function at(issue: v.BaseIssue<unknown>, item: v.IssuePathItem): v.BaseIssue<unknown> {
  return { ...issue, path: [item, ...(issue.path ?? [])] };
}

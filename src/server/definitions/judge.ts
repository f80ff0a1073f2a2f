import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import { GantryError } from '../../model/errors.ts';
import { keysOf, pathText, type SchemaProblem, schemaProblem } from '../schema-problem.ts';

/** How many items are looked at before others get their turn of the event loop. */
const sliceItems = 250;

/** @throws GantryError `invalid-argument` for the first that the schema does not take */
export async function judgeItems<S extends v.GenericSchema>(
  key: string,
  schema: S,
  items: readonly unknown[],
): Promise<readonly v.InferOutput<S>[]> {
  const judged: v.InferOutput<S>[] = [];
  await eachInSlices(items, (item, at) => {
    const result = v.safeParse(schema, item, { abortEarly: true });
    if (!result.success)
      throw problemAt(
        [key, at],
        schemaProblem(result.issues[0], (path) => keysOf(schema, path)),
      );
    judged.push(result.output);
  });
  return judged;
}

/** For work of any length that must keep nobody waiting. */
export async function eachInSlices<T>(
  items: readonly T[],
  look: (item: T, at: number) => void | Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += sliceItems) {
    if (at > 0) await setImmediate();
    for (const [more, item] of items.slice(at, at + sliceItems).entries()) {
      const looked = look(item, at + more);
      if (looked instanceof Promise) await looked;
    }
  }
}

/** @param at of the item in which the problem is */
export function problemAt(at: SchemaProblem['path'], { path, message }: SchemaProblem): GantryError {
  return new GantryError('invalid-argument', `${pathText([...at, ...path])}: ${message}`);
}

import { GantryError } from '../../model/errors.ts';
import { didYouMean } from '../closest.ts';
import type { DefinitionsContext, HasQueue, JudgedDefinitions, Step } from './kind.ts';
import { definitionKinds } from './kinds.ts';

/** Definitions as they are written, their form not judged: a list under the key of each kind. */
export type PlainDefinitions = Readonly<Record<string, readonly unknown[]>>;

export interface PlanOptions {
  /** What no definition names is dropped. */
  readonly isPruning: boolean;
}

/** How many steps at once: a commit takes them all together. */
const stepsAtOnce = 512;

/**
 * The steps from what is there to what the definitions say, in the order in which they will be done.
 * @throws GantryError `invalid-argument` that begins with the path (`queues[3].delay: ...`); `access-denied`
 */
export async function planOf(
  definitions: PlainDefinitions,
  context: DefinitionsContext,
  options: PlanOptions,
): Promise<readonly Step[]> {
  const judged: JudgedDefinitions[] = [];
  const keys = definitionKinds.map(({ key }) => key);
  for (const key of Object.keys(definitions))
    if (!keys.includes(key))
      throw new GantryError('invalid-argument', `unknown key "${key.slice(0, 100)}"${didYouMean(key, keys)}`);
  for (const kind of definitionKinds) {
    const items = definitions[kind.key];
    // What a file does not speak of at all it does not mean to drop.
    if (items !== undefined) judged.push(await kind.judge(items));
  }
  const steps: (readonly Step[])[] = [];
  const willHave = judged.flatMap((one) => one.willHave?.(context) ?? []);
  const hasQueue: HasQueue = (address) =>
    context.broker.catalogue.find(address) !== undefined || willHave.some((has) => has(address));
  for (const one of judged) steps.push(await one.plan(context, { ...options, hasQueue }));
  return steps.flat().toSorted((one, other) => one.turn - other.turn);
}

/**
 * Does the steps, many at a time; durable when it settles. Nothing is done when one of them would be refused.
 * @returns how many were done
 * @throws GantryError that says how many were done before it
 */
export async function applySteps(steps: readonly Step[]): Promise<number> {
  for (const step of steps) step.requireAllowed();
  let done = 0;
  for (const slice of slicesOf(steps)) {
    const results = await Promise.allSettled(slice.map((step) => step.run()));
    done += results.filter(({ status }) => status === 'fulfilled').length;
    const at = results.findIndex(({ status }) => status === 'rejected');
    const failed = results[at];
    if (failed?.status === 'rejected') throw cutOff(failed.reason, slice[at]?.text ?? '', done, steps.length);
  }
  return done;
}

/** Those of one turn together, at most so many. */
function* slicesOf(steps: readonly Step[]): Generator<readonly Step[]> {
  let from = 0;
  for (let at = 1; at <= steps.length; at++) {
    if (at < steps.length && steps[at]?.turn === steps[from]?.turn && at - from < stepsAtOnce) continue;
    yield steps.slice(from, at);
    from = at;
  }
}

function cutOff(error: unknown, text: string, done: number, of: number): unknown {
  if (!(error instanceof GantryError)) return error;
  return new GantryError(error.code, `${error.message} (at "${text}"; ${done} of ${of} changes were made)`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}

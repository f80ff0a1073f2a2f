import * as v from 'valibot';
import { GantryError } from '../../model/errors.ts';
import { errorAnswer } from './errors.ts';

const messagesMax = 1_000;

/** Messages of one request, of which each is judged by itself. */
export function listOf<const S extends v.GenericSchema>(message: S) {
  return v.pipe(
    v.array(message, 'expected a list of messages'),
    v.minLength(1, 'expected at least one message'),
    v.maxLength(messagesMax, `expected at most ${messagesMax} messages`),
  );
}

export type Refused = ReturnType<typeof errorAnswer>['json'];

/**
 * Hands on at once all that can be made; the answers stand in the order of what was asked.
 * @param make throws GantryError for one that is refused before
 * @param handOn answers for each that it is given
 */
export async function oneByOne<A, M, R, V>(
  asked: readonly A[],
  make: (one: A) => M,
  handOn: (made: readonly M[]) => Promise<readonly R[]>,
  view: (result: R) => V,
): Promise<readonly (V | Refused)[]> {
  const attempts = asked.map((one) => attempted(() => make(one)));
  const results = await handOn(attempts.flatMap((one) => (one instanceof GantryError ? [] : [one.made])));
  let next = 0;
  return attempts.map((one) => {
    if (one instanceof GantryError) return errorAnswer(one).json;
    const result = results[next++];
    if (result === undefined) throw new GantryError('internal', 'each message has its result');
    return view(result);
  });
}

function attempted<M>(make: () => M): { readonly made: M } | GantryError {
  try {
    return { made: make() };
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
}

import { GantryError } from '../../model/errors.ts';
import type { Operation } from './operation.ts';

export const adminPrefix = '/_gantry';

/** The address of a request, taken apart. */
interface Address {
  /** As it was written. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}
interface Match {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, string>>;
}

const charactersMax = 2_000;
const shownCharacters = 200;

/**
 * The path stays as it is written: whoever resolves `..`, as a browser does, ends at another operation than the one that
 * was named, and `DELETE /queues/orders/moves/..` would drop the queue.
 * @param prefix of every address of this table
 * @throws GantryError `invalid-argument`
 */
export function addressOf(url: string, prefix: string): Address {
  const path = /^[^?#]*/.exec(url)?.[0] ?? '';
  if (url.length > charactersMax || (path !== prefix && !path.startsWith(`${prefix}/`)))
    throw new GantryError('invalid-argument', 'the address of the request is too long, or none');
  const [query = ''] = url.slice(path.length).split('#', 1);
  return { path, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** From method and path to a row of the table. @returns what the path does take, when it is not this method */
export function createTable(
  operations: readonly Operation[],
  prefix: string,
): (method: string, path: string) => Match | { readonly allow: string } {
  const routes = operations.map((operation) => ({ operation, steps: operation.path.split('/').slice(1) }));

  /** @throws GantryError `not-found`, `invalid-argument` */
  return (method, path) => {
    const steps = stepsOf(path.slice(prefix.length));
    const found = routes.filter((route) => isMatch(route.steps, steps));
    const route = found.find(({ operation }) => operation.method === method);
    if (route !== undefined) return { operation: route.operation, params: paramsOf(route.steps, steps) };
    if (found.length === 0)
      throw new GantryError('not-found', `the admin API has nothing at ${path.slice(0, shownCharacters)}`, {
        hint: `GET ${adminPrefix}/openapi.json lists what it has.`,
      });
    return { allow: found.map(({ operation }) => operation.method).join(', ') };
  };
}

/** @throws GantryError `invalid-argument` */
function stepsOf(below: string): readonly string[] {
  const steps = below.split('/').slice(1).map(decoded);
  if (steps.length <= 1 && (steps[0] ?? '') === '') return ['']; // The API itself, with a slash at its end or without.
  for (const step of steps)
    if (step === '' || step === '.' || step === '..')
      throw new GantryError('invalid-argument', `the path has a step "${step}", which is no name`);
  return steps;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    throw new GantryError('invalid-argument', 'the path is not percent-encoded UTF-8');
  }
}

function isMatch(pattern: readonly string[], steps: readonly string[]): boolean {
  return pattern.length === steps.length && pattern.every((part, at) => part.startsWith('{') || part === steps[at]);
}

function paramsOf(pattern: readonly string[], steps: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pattern.flatMap((part, at) => (part.startsWith('{') ? [[part.slice(1, -1), steps[at] ?? '']] : [])),
  );
}

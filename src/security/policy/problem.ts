/** What is wrong in a policy, and where: `['Statement', 0, 'Effect']`. */
export class PolicyProblem extends Error {
  readonly path: readonly (string | number)[];
  /** A word that nobody knows, and those that were possible. */
  readonly unknown: { readonly word: string; readonly known: readonly string[] } | undefined;

  constructor(
    message: string,
    path: readonly (string | number)[],
    unknown?: { readonly word: string; readonly known: readonly string[] },
  ) {
    super(message);
    this.name = 'PolicyProblem';
    this.path = path;
    this.unknown = unknown;
  }
}

type Path = readonly (string | number)[];

export function objectAt(value: unknown, path: Path, what: string): ReadonlyMap<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw new PolicyProblem(`expected ${what}`, path);
}

/** One text, or a list of at least one. */
export function textsAt(value: unknown, path: Path): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PolicyProblem('expected a text or a list of texts', path);
  return list.map((each, at) => {
    if (typeof each === 'string') return each;
    throw new PolicyProblem('expected a text or a list of texts', Array.isArray(value) ? [...path, at] : path);
  });
}

import { objectAt, PolicyProblem, textsAt } from './problem.ts';
import type { Asker } from './question.ts';

/**
 * How a policy names somebody. `direct`: itself, or as one of everybody; that is enough within an account. `account`: its
 * account is named, which then decides by its own users' policies.
 */
type Naming = 'direct' | 'account' | 'none';
export type NamedIn = (asker: Asker) => Naming;

const kinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const accountPattern = /^\d{12}$/;
const rootPattern = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
const iamPattern = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(\S+)$/;

/** @throws PolicyProblem */
export function compilePrincipals(value: unknown, path: readonly (string | number)[]): NamedIn {
  if (value === '*') return () => 'direct';
  const byKind = objectAt(value, path, '"*" or a map such as {"AWS": "*"}');
  if (byKind.size === 0) throw new PolicyProblem('names nobody', path);
  const names: string[] = [];
  const services = new Set<string>();
  for (const [kind, texts] of byKind) {
    if (!kinds.includes(kind)) {
      throw new PolicyProblem(`unknown principal "${kind.slice(0, 100)}"`, [...path, kind], {
        word: kind,
        known: kinds,
      });
    }
    const read = textsAt(texts, [...path, kind]);
    if (kind === 'AWS') names.push(...read.map((text) => checked(text, [...path, kind])));
    else if (kind === 'Service') for (const text of read) services.add(text.toLowerCase());
  }
  return compileNames(names, services);
}

function checked(name: string, path: readonly (string | number)[]): string {
  if (name === '*' || accountPattern.test(name) || iamPattern.test(name)) return name;
  // What AWS makes of the ARN of a user that is no more; it names nobody.
  if (/^A[A-Z0-9]{15,127}$/.test(name)) return name;
  throw new PolicyProblem('expected "*", an account of 12 digits, or the ARN of an account or user', path);
}

function compileNames(names: readonly string[], ofServices: ReadonlySet<string>): NamedIn {
  if (names.includes('*')) return () => 'direct';
  const accounts = new Set<string>();
  const entities = new Set<string>();
  for (const name of names) {
    const account = accountPattern.test(name) ? name : rootPattern.exec(name)?.[1];
    if (account !== undefined) accounts.add(account);
    else entities.add(entityOf(name));
  }
  return (asker) => {
    if (asker.services !== undefined) return asker.services.some((name) => ofServices.has(name)) ? 'direct' : 'none';
    if (asker.isAnonymous) return 'none';
    if (entities.has(entityOf(asker.arn))) return 'direct';
    return accounts.has(asker.account) ? 'account' : 'none';
  };
}

/** Without the partition: one user is one user, in whatever part of the world the policy was written. */
function entityOf(arn: string): string {
  const match = iamPattern.exec(arn);
  return match === null ? arn : `${match[1]}:${match[2]}`;
}

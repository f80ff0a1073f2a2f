import type { Action } from '../../model/principal.ts';
import { type Condition, compileCondition } from './conditions.ts';
import { matchesGlob } from './glob.ts';
import { compilePrincipals, type NamedIn } from './principals.ts';
import { objectAt, PolicyProblem, textsAt } from './problem.ts';
import type { Question } from './question.ts';
import { filled } from './variables.ts';

/** One statement, ready to be asked. */
export interface Statement {
  /** As its author calls it. */
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** Undefined: the policy is its user's, and means nobody else. */
  readonly namedIn: NamedIn | undefined;
  /** Undefined: it cannot be told. */
  matchesAction(question: Question): boolean | undefined;
  /** Undefined as well. */
  matchesResource(question: Question): boolean | undefined;
  readonly condition: Condition;
}
/** Whose policy it is: a user's, or a queue's, which says whom it means. */
export type PolicyOwner = 'user' | 'resource';

/** What protocols call their acts, `sqs:SendMessage`, by that in small letters. */
export type ActNames = ReadonlyMap<string, string>;

const noNames: ActNames = new Map();

type Path = readonly (string | number)[];

const versions = ['2008-10-17', '2012-10-17'];
const documentKeys = ['Version', 'Id', 'Statement'];
const statementKeys = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
];
/** Our own words, which hold for every protocol. */
const plainActions: ReadonlySet<string> = new Set<Action>([
  ...(['create', 'send', 'receive', 'browse', 'subscribe', 'manage', 'admin'] as const),
]);

/**
 * Reads an IAM policy: `{Version, Statement}`.
 * @param actNames as for `compileStatement`
 * @throws PolicyProblem
 */
export function compilePolicy(value: unknown, owner: PolicyOwner, actNames: ActNames = noNames): readonly Statement[] {
  const document = objectAt(value, [], 'a policy: {"Version": ..., "Statement": [...]}');
  refuseUnknown(document, documentKeys, []);
  const version = document.get('Version');
  if (version !== undefined && !versions.some((one) => one === version)) {
    throw new PolicyProblem(`expected ${versions.join(' or ')}`, ['Version']);
  }
  const statements = document.get('Statement');
  if (Array.isArray(statements)) {
    return statements.map((each: unknown, at) => compileStatement(each, owner, ['Statement', at], actNames));
  }
  return [compileStatement(statements, owner, ['Statement'], actNames)];
}

/**
 * @param actNames of their services no other is accepted then
 * @throws PolicyProblem
 */
export function compileStatement(
  value: unknown,
  owner: PolicyOwner,
  path: Path,
  actNames: ActNames = noNames,
): Statement {
  const statement = objectAt(value, path, 'a statement: {"Effect": ..., "Action": ..., "Resource": ...}');
  refuseUnknown(statement, statementKeys, path);
  const effect = statement.get('Effect');
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new PolicyProblem('expected Allow or Deny', statement.has('Effect') ? [...path, 'Effect'] : path);
  }
  const condition = statement.get('Condition');
  const sid = statement.get('Sid');
  return {
    ...(typeof sid === 'string' ? { sid } : {}),
    effect,
    namedIn: compileNaming(statement, owner, path),
    matchesAction: compileActions(statement, path, actNames),
    matchesResource: compileResources(statement, owner, path),
    condition: condition === undefined ? () => true : compileCondition(condition, [...path, 'Condition']),
  };
}

function refuseUnknown(map: ReadonlyMap<string, unknown>, known: readonly string[], path: Path): void {
  for (const word of map.keys()) {
    if (known.includes(word)) continue;
    throw new PolicyProblem(`unknown element "${word.slice(0, 100)}"`, [...path, word], { word, known });
  }
}

/** One of an element and its negation. @returns its texts' path and whether it is the negation; undefined: neither is there */
function either(statement: ReadonlyMap<string, unknown>, name: string, path: Path) {
  const isNegated = statement.has(`Not${name}`);
  if (isNegated && statement.has(name)) throw new PolicyProblem(`has both ${name} and Not${name}`, path);
  const key = isNegated ? `Not${name}` : name;
  return statement.has(key) ? { value: statement.get(key), isNegated, path: [...path, key] } : undefined;
}

function compileNaming(statement: ReadonlyMap<string, unknown>, owner: PolicyOwner, path: Path): Statement['namedIn'] {
  const found = either(statement, 'Principal', path);
  if (owner === 'user') {
    if (found === undefined) return undefined;
    throw new PolicyProblem('a policy of a user names no principal: it is about that user', found.path);
  }
  if (found === undefined) throw new PolicyProblem('lacks its Principal', path);
  const namedIn = compilePrincipals(found.value, found.path);
  if (!found.isNegated) return namedIn;
  return (asker) => (namedIn(asker) === 'none' ? 'direct' : 'none');
}

function compileActions(
  statement: ReadonlyMap<string, unknown>,
  path: Path,
  actNames: ActNames,
): Statement['matchesAction'] {
  const found = either(statement, 'Action', path);
  if (found === undefined) throw new PolicyProblem('lacks its Action', path);
  const texts = textsAt(found.value, found.path);
  for (const text of texts) requireKnownAct(text, actNames, found.path);
  const patterns = texts.map((text) => text.toLowerCase());
  for (const pattern of patterns) {
    if (pattern.includes(':') || /^\*+$/.test(pattern) || plainActions.has(pattern)) continue;
    throw new PolicyProblem(`unknown action "${pattern.slice(0, 100)}"`, found.path, {
      word: pattern,
      known: [...plainActions],
    });
  }
  return ({ action, actionName, budget }) =>
    anyOf(patterns, found.isNegated, (pattern) => pattern === action || matchesGlob(pattern, actionName, budget));
}

/** A name with a wildcard may mean what is yet to come, and a service that nobody has handed in is not ours to judge. */
function requireKnownAct(text: string, actNames: ActNames, path: Path): void {
  const name = text.toLowerCase();
  const service = name.slice(0, name.indexOf(':') + 1);
  if (service === '' || /[*?]/.test(name)) return;
  if (actNames.has(name)) return;
  const known: string[] = [];
  for (const [key, each] of actNames) if (key.startsWith(service)) known.push(each);
  if (known.length === 0) return;
  throw new PolicyProblem(`unknown action "${text.slice(0, 100)}"`, path, { word: text, known });
}

/** A queue's statement without resources is about none; AWS's console never writes one, old policies have them. A user's must have them [IAM]. */
function compileResources(
  statement: ReadonlyMap<string, unknown>,
  owner: PolicyOwner,
  path: Path,
): Statement['matchesResource'] {
  const found = either(statement, 'Resource', path);
  if (found === undefined) {
    if (owner === 'user') throw new PolicyProblem('lacks its Resource: the names of queues, or "*"', path);
    return () => false;
  }
  const patterns = textsAt(found.value, found.path);
  return (question) => anyOf(patterns, found.isNegated, (pattern) => isMeant(pattern, question));
}

/** Whether one of the patterns is meant, or with a negation none. */
function anyOf(
  patterns: readonly string[],
  isNegated: boolean,
  isMeantBy: (pattern: string) => boolean | undefined,
): boolean | undefined {
  let isCertain = true;
  for (const pattern of patterns) {
    const is = isMeantBy(pattern);
    if (is === true) return !isNegated;
    if (is === undefined) isCertain = false;
  }
  return isCertain ? isNegated : undefined;
}

/** An ARN, or the bare name of a queue of the asker's own account. */
function isMeant(pattern: string, question: Question): boolean | undefined {
  if (pattern === '*') return true;
  const text = filled(pattern, question);
  if (text === undefined) return undefined;
  const { arn, account, name } = question.resource;
  const { budget } = question;
  if (text.startsWith('arn:')) return matchesGlob(text, arn, budget);
  return account === question.asker.account && matchesGlob(text, name, budget);
}

import type { Statement } from './document.ts';
import type { Question } from './question.ts';

/** Who said so, or who would have had to. */
export type Decision = { readonly isAllowed: true } | Refusal;
export interface Refusal {
  readonly isAllowed: false;
  /** A statement denies; else none allows. */
  readonly isExplicit: boolean;
  readonly by: 'identity' | 'resource';
}

const allowed: Decision = { isAllowed: true };

/**
 * The evaluation of IAM: a deny wins, and what nobody allows is denied. Within its account a user is allowed by its own
 * policies or by the queue's, if that names it; from another account both must allow; the anonymous, and services, have the
 * queue's alone.
 */
export function decide(question: Question, ofUser: readonly Statement[], ofResource: readonly Statement[]): Decision {
  if (ofUser.some((statement) => applies(statement, question, 'Deny'))) return denied('identity');
  if (ofResource.some((statement) => applies(statement, question, 'Deny'))) return denied('resource');
  const isByUser = ofUser.some((statement) => applies(statement, question, 'Allow'));
  const granting = ofResource.filter((statement) => applies(statement, question, 'Allow'));
  const { asker, resource } = question;
  if (asker.isAnonymous || asker.services !== undefined) return granting.length > 0 ? allowed : unsaid('resource');
  if (asker.account === resource.account) {
    const isNamed = granting.some((statement) => statement.namedIn?.(asker) === 'direct');
    return isByUser || isNamed ? allowed : unsaid('identity');
  }
  if (granting.length === 0) return unsaid('resource');
  return isByUser ? allowed : unsaid('identity');
}

/** What cannot be told, also because it would take too many steps, never allows and always denies. */
export function applies(statement: Statement, question: Question, effect: Statement['effect']): boolean {
  if (statement.effect !== effect) return false;
  if (statement.namedIn !== undefined && statement.namedIn(question.asker) === 'none') return false;
  const isWhenUntold = effect === 'Deny';
  if (!(statement.matchesAction(question) ?? isWhenUntold)) return false;
  return (statement.matchesResource(question) ?? isWhenUntold) && (statement.condition(question) ?? isWhenUntold);
}

function denied(by: 'identity' | 'resource'): Decision {
  return { isAllowed: false, isExplicit: true, by };
}

function unsaid(by: 'identity' | 'resource'): Decision {
  return { isAllowed: false, isExplicit: false, by };
}

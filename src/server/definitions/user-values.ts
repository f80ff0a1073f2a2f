import * as v from 'valibot';
import { userLimits } from '../../security/limits.ts';
import { passwordCharactersMax } from '../../security/passwords.ts';
import { compileStatement } from '../../security/policy/document.ts';
import { PolicyProblem } from '../../security/policy/problem.ts';
import { didYouMean } from '../closest.ts';
import { record } from './records.ts';
import { actNames, keyIdPattern, userNamePattern } from './user-names.ts';

/** Values of users, as files, exports and the admin API have them. No message shows a secret. */

const secretCharactersMax = 256;

export const userName = v.pipe(
  v.string('expected a name'),
  v.regex(userNamePattern, 'expected a name of 1 to 64 letters, digits and + = , . @ _ -'),
  v.title('name of the user'),
);
export const userAccount = v.pipe(
  v.string('expected an account of 12 digits'),
  v.regex(/^\d{12}$/, 'expected an account of 12 digits'),
  v.title('account of 12 digits'),
);
export const password = v.pipe(
  v.string('expected a password'),
  v.check(
    (text) => text !== '' && text.length <= passwordCharactersMax && !/\p{Cc}/u.test(text),
    `expected a password of 1 to ${passwordCharactersMax} characters, none of them a control character`,
  ),
  v.title('password'),
);
export const keyId = v.pipe(
  v.string('expected an id'),
  v.regex(keyIdPattern, 'expected an id of 3 to 128 letters, digits and _'),
  v.title('id of the access key'),
);
export const secret = v.pipe(
  v.string('expected a secret'),
  v.nonEmpty('the secret is empty'),
  v.maxLength(secretCharactersMax, `expected a secret of at most ${secretCharactersMax} characters`),
  v.title('secret of the access key'),
);

/** A list of statements, or the whole policy document as AWS writes it; comes out as statements, each checked. */
export const policy = v.pipe(
  v.union(
    [v.array(record(v.string(), v.unknown())), record(v.string(), v.unknown())],
    'expected a list of statements, or a policy document',
  ),
  v.rawTransform(({ dataset, addIssue, NEVER }): readonly unknown[] => {
    try {
      const statements = statementsOf(dataset.value);
      if (JSON.stringify(statements).length > userLimits.policyCharactersMax)
        throw new PolicyProblem(`is longer than ${userLimits.policyCharactersMax} characters`, []);
      statements.forEach((statement, at) => void compileStatement(statement, 'user', [at], actNames));
      return statements;
    } catch (error) {
      if (!(error instanceof PolicyProblem)) throw error;
      const { path, message, unknown } = error;
      const hint = unknown === undefined ? '' : didYouMean(unknown.word, unknown.known);
      addIssue({ message: `${path.length === 0 ? '' : `statement ${path.join('.')}: `}${message}${hint}` });
      return NEVER;
    }
  }),
  v.title('what the user may: statements of IAM, or a policy document'),
);

/** @throws PolicyProblem */
function statementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const document = new Map<string, unknown>(Object.entries(Object(value)));
  const known = ['Version', 'Id', 'Statement'];
  for (const word of document.keys())
    if (!known.includes(word)) throw new PolicyProblem(`unknown element "${word.slice(0, 100)}"`, [], { word, known });
  const statements = document.get('Statement');
  if (statements === undefined) throw new PolicyProblem('a policy needs its Statement', []);
  return Array.isArray(statements) ? statements : [statements];
}

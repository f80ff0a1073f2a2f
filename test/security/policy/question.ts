import { Budget, stepsMax } from '../../../src/security/policy/budget.ts';
import type { Question } from '../../../src/security/policy/question.ts';

/** May ada send to the queue orders? */
export function question({
  account = '000000000000',
  isAnonymous = false,
  facts = {},
  steps = stepsMax,
}: {
  readonly account?: string;
  readonly isAnonymous?: boolean;
  readonly facts?: Readonly<Record<string, string>>;
  readonly steps?: number;
} = {}): Question {
  const values = new Map(Object.entries(facts));
  return {
    asker: { isAnonymous, account, arn: isAnonymous ? '' : `arn:aws:iam::${account}:user/ada` },
    action: 'send',
    actionName: 'sqs:sendmessage',
    resource: { arn: 'arn:aws:sqs:us-east-1:000000000000:orders', account: '000000000000', name: 'orders' },
    budget: new Budget(steps),
    fact: (key) => values.get(key.toLowerCase()),
  };
}

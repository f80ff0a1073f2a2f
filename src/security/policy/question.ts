import type { Action } from '../../model/principal.ts';
import type { Budget } from './budget.ts';

/** What a policy is asked: may this one do that to it, as things are? */
export interface Question {
  readonly asker: Asker;
  /** What is done, to core: policies may say this word. */
  readonly action: Action;
  /** What is done, in the protocol's own words and small letters: `sqs:sendmessage`. */
  readonly actionName: string;
  readonly resource: Asked;
  /** Of all the statements that are asked, together. */
  readonly budget: Budget;
  /** @param key of a condition: `aws:SourceIp`, in any case; undefined: the request has none */
  fact(key: string): string | undefined;
}

export interface Asker {
  readonly isAnonymous: boolean;
  readonly account: string;
  /** `arn:aws:iam::<account>:user/<name>`; '' for the anonymous, and for a service. */
  readonly arn: string;
  /** It is no user but a service of AWS's, by these names; a policy that names its account does not mean it. */
  readonly services?: readonly string[];
}

export interface Asked {
  readonly arn: string;
  readonly account: string;
  /** Without account and region, as other protocols know it. */
  readonly name: string;
}

import type { TopicAddress } from './topic.ts';

/** Who acts. Without users everybody is anonymous, in the account that the request names. */
export interface Principal {
  readonly name: string;
  readonly account: string;
  readonly isAnonymous: boolean;
  /** What it does just now, for policies to judge; undefined where there are no users. */
  readonly act?: Act;
  /** It is no user but a topic, which passes on what it was told; a queue's policy may name it. */
  readonly topic?: TopicAddress;
}

/** One request in its protocol's own words: policies are written in them. */
export interface Act {
  /** `sqs:SendMessage`. */
  readonly name: string;
  /** What that is to core. Core may ask for another action besides, which then has its own name. */
  readonly action: Action;
  /** Of the client, as the socket has it. */
  readonly remoteAddress: string;
  readonly isEncrypted: boolean;
}

/** What a policy can allow; a protocol maps its operations to these. */
export type Action = 'create' | 'send' | 'receive' | 'browse' | 'subscribe' | 'manage' | 'admin';

export type Resource =
  | { readonly type: 'queue'; readonly account: string; readonly region: string; readonly name: string }
  | { readonly type: 'topic'; readonly account: string; readonly region: string; readonly name: string }
  | { readonly type: 'broker' };

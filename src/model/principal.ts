/** Who acts. Without users everybody is anonymous, in the account that the request names. */
export interface Principal {
  readonly name: string;
  readonly account: string;
  readonly isAnonymous: boolean;
}

/** What a policy can allow; a protocol maps its operations to these. */
export type Action = 'create' | 'send' | 'receive' | 'browse' | 'subscribe' | 'manage' | 'admin';

export type Resource =
  | { readonly type: 'queue'; readonly account: string; readonly region: string; readonly name: string }
  | { readonly type: 'topic'; readonly account: string; readonly region: string; readonly name: string }
  | { readonly type: 'broker' };

export interface BaselineOptions {
  readonly storage: 'none' | 'array';
  /** To prove that the tools see it: every n-th send is refused, acknowledged and not kept, or answered with a wrong digest. */
  readonly planted?: { readonly fault: 'refused' | 'lost' | 'wrong-md5'; readonly every: number };
}

/**
 * A parsed message selector (JMS 2.0 section 3.8, and what crossing.md section 3 adds): plain data, so that it can
 * cross a thread or become SQL. Parsing and evaluation come with the first protocol that has selectors.
 */
export type Selector =
  | { readonly op: 'or' | 'and'; readonly terms: readonly Selector[] }
  | { readonly op: 'not'; readonly term: Selector }
  | {
      readonly op: '=' | '<>' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';
      readonly left: Selector;
      readonly right: Selector;
    }
  | { readonly op: 'negate'; readonly term: Selector }
  | {
      readonly op: 'between';
      readonly term: Selector;
      readonly low: Selector;
      readonly high: Selector;
      readonly isNegated: boolean;
    }
  | { readonly op: 'in'; readonly term: Selector; readonly values: readonly string[]; readonly isNegated: boolean }
  | {
      readonly op: 'like';
      readonly term: Selector;
      readonly pattern: string;
      readonly escape?: string;
      readonly isNegated: boolean;
    }
  | { readonly op: 'is-null'; readonly term: Selector; readonly isNegated: boolean }
  | { readonly op: 'identifier'; readonly name: string }
  | { readonly op: 'literal'; readonly value: string | number | bigint | boolean };

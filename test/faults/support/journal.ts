/** What a process that is about to die was told, line by line in a file, and read again by the one that survives. */
import type { MessageKey } from '../ledger.ts';

interface Line {
  readonly queue: string;
  readonly key: MessageKey;
}
export type JournalLine =
  | ({ readonly did: 'ask-send' | 'ask-delete' } & Line)
  | ({ readonly did: 'send'; readonly id: string; readonly pos: number } & Line)
  | ({ readonly did: 'delete'; readonly isDone: boolean; readonly at: number } & Line)
  | {
      readonly did: 'receive';
      readonly queue: string;
      readonly given: readonly { readonly key: MessageKey; readonly id: string }[];
      readonly asked: number;
      readonly answered: number;
    }
  | { readonly did: 'create'; readonly queue: string; readonly id: number }
  | { readonly did: 'put'; readonly record: number }
  | { readonly did: 'purge'; readonly generation: number };

/** The last line may be cut off: the process died while it wrote. */
export function readJournal(text: string): readonly JournalLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): JournalLine => JSON.parse(line));
}

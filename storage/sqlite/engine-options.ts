import type { Step } from './engine-state.ts';

export interface EngineOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF';
  readonly now: number;
  /** Entries held in memory at most, over all queues. */
  readonly entriesMax?: number;
  /** For tests: the file may not grow beyond. */
  readonly pagesMax?: number;
  readonly onStep?: (step: Step) => void;
}

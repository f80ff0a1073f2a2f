import type { Step } from './engine-state.ts';
import type { SpaceOptions } from './space.ts';
import type { WindowLimits } from './window.ts';

export interface EngineOptions extends SpaceOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF';
  readonly now: number;
  /** Entries held in memory at most, over all queues. */
  readonly entriesMax?: number;
  readonly windowLimits?: WindowLimits;
  /** For tests: the file may not grow beyond. */
  readonly pagesMax?: number;
  readonly onStep?: (step: Step) => void;
}

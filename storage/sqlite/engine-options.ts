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
  /** True: what a migration finds is not kept beside it. */
  readonly skipsMigrationCopy?: boolean;
  /** For tests: other schemas than this release's. */
  readonly migrations?: readonly string[];
  readonly onStep?: (step: Step) => void;
}
/** An older release's file was brought to this one's schema. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
  /** The file as it was. */
  readonly copy: string | undefined;
}

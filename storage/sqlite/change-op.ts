import type { Change } from '../store.ts';
import type { AppendOp, SettleOp } from './post.ts';

/** A change as the engine works on it: the frequent ones unpacked, the others as they are. */
export type ChangeOp = AppendOp | SettleOp | Exclude<Change, { do: 'append' | 'settle' }>;

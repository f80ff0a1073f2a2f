import { describe, it } from 'vitest';
import { windowLimits } from '../../../storage/sqlite/window.ts';
import { walk } from '../../support/walk/walk.ts';
import { openWalked } from './open-walked.ts';

/** A window that nobody receives from leaves memory after this, and with it whose turn it was (room.ts, idleMs). */
const forgetsTurnsMs = 30_000;
/** One more seed by hand: GANTRY_WALK_SEED=123 GANTRY_WALK_STEPS=5000. */
const { GANTRY_WALK_SEED, GANTRY_WALK_STEPS } = process.env;
const seeds = GANTRY_WALK_SEED === undefined ? [1, 2, 3, 4, 5, 6, 7, 8] : [Number(GANTRY_WALK_SEED)];

/** What strict queues hold is left as it is, for whose turn it is stands only in memory. */
const cramped = { windowLimits: { ...windowLimits, plain: { slotsMax: 8, sliceRows: 3 } } };

describe('the store in SQLite beside the model', () => {
  for (const seed of seeds) {
    it(`answers as the model does, crashes included, seed ${seed}`, async () => {
      await walk({ open: () => openWalked(), seed, steps: Number(GANTRY_WALK_STEPS ?? 300), forgetsTurnsMs });
    });

    it(`answers as the model does when hardly anything fits into memory, seed ${seed}`, async () => {
      const open = () => openWalked(cramped);
      await walk({ open, seed: seed + 1_000, steps: Number(GANTRY_WALK_STEPS ?? 300), forgetsTurnsMs });
    });
  }
});

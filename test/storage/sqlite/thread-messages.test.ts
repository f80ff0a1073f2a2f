import { expect, it } from 'vitest';
import { roomLeft } from '../../../storage/sqlite/space.ts';
import { answerMessageOf, answerOf, postMessageOf, postOf } from '../../../storage/sqlite/thread-messages.ts';

it('a post is the same on the other side, with objects and without', () => {
  for (const objects of [[], [{ call: 'tallies', queues: [1] }]]) {
    const post = { packed: Uint8Array.of(1, 2), now: 1_000, bodyFloor: 7, objects };

    expect(postOf(structuredClone(postMessageOf(post)))).toEqual(post);
  }
});

it('an answer is the same on the other side, whatever it tells', () => {
  for (const ready of [[], [5, 6]]) {
    for (const objects of [[], ['an error']]) {
      const measures = { commits: 1, commitSeconds: 0.25, reclaimPending: 3, entriesInMemory: 4 };
      const packed = Uint8Array.of(9);
      const answer = {
        packed,
        posts: 2,
        at: 10,
        nextAt: Number.POSITIVE_INFINITY,
        room: roomLeft.low,
        measures,
        ready,
        objects,
      };

      expect(answerOf(structuredClone(answerMessageOf(answer)))).toEqual(answer);
    }
  }
});

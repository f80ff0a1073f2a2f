import { expect, it } from 'vitest';
import { inChunks } from '../../src/core/in-chunks.ts';

it('does many at once, each once and in order, and never all of a great number', async () => {
  const items = Array.from({ length: 600 }, (_, at) => at);
  const done: number[] = [];
  let running = 0;
  let most = 0;

  await inChunks(items, async (item) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    done.push(item);
    running--;
  });

  expect(done).toEqual(items);
  expect(most).toBe(256);
});

it('tells of a failure', async () => {
  await expect(inChunks([1, 2], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

import { createProgress } from '../progress.ts';

const everyMs = 500;
/** For what takes long with many definitions. */
export const manyPatience = { answerMs: 600_000 };

/** Says on a terminal, once it takes long, that it goes on: how far, only the broker knows. */
export async function whileWaiting<T>(what: string, action: () => Promise<T>): Promise<T> {
  const progress = createProgress();
  const begin = performance.now();
  const show = (): void => progress.show(`${what}, ${Math.round((performance.now() - begin) / 1_000)} s`, 0, 0);
  const timer = setInterval(show, everyMs);
  try {
    return await action();
  } finally {
    clearInterval(timer);
    progress.end();
  }
}

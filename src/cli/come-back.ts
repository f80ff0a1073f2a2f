import { GantryError } from '../model/errors.ts';
import { say } from './output.ts';
import { pause } from './values.ts';

const retryMs = 1_000;

/** For what goes on until Ctrl-C: does it, and when the broker has gone away does it again once that is back, and says so. */
export async function whenBack<T>(
  { endpoint }: { readonly endpoint: string },
  action: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T | undefined> {
  for (let isWaiting = false; signal?.aborted !== true; ) {
    try {
      const result = await action();
      if (isWaiting) say(`gantry: ${endpoint} is back`);
      return result;
    } catch (error) {
      if (!(error instanceof GantryError && error.code === 'unavailable')) throw error;
      if (!isWaiting) say(`gantry: ${endpoint} has gone away; waiting for it`);
      isWaiting = true;
      await pause(retryMs, signal);
    }
  }
  return undefined;
}

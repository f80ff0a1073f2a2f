import type { Row } from './row.ts';

/** A handler that hardly any start needs: its code is read from disk when it is first asked for. */
export function later(load: () => Promise<Row['handle']>): Row['handle'] {
  let loading: Promise<Row['handle']> | undefined;
  return async (sns, call) => {
    loading ??= load();
    const handle = await loading;
    return await handle(sns, call);
  };
}

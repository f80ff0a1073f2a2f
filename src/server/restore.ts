import type { Restored, RestoreOptions } from '../../storage/sqlite/restore.ts';

export type { Restored };

/** Puts a backup into a data folder, without a broker. @throws GantryError; see restoreStore */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { restoreStore } = await import('../../storage/sqlite/restore.ts');
  return await restoreStore(options);
}

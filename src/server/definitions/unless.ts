import { GantryError } from '../../model/errors.ts';

/** Somebody made or dropped it since the plan: then it is the other action that leads there. */
export async function unless(
  code: GantryError['code'],
  action: () => Promise<void>,
  other: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof GantryError) || error.code !== code) throw error;
    await other();
  }
}

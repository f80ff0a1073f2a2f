/** How many at once: a commit takes them all together, and making them keeps nobody waiting. */
const chunk = 256;

/** For each item the action, many at a time: one after the other each would wait for a commit of its own. */
export async function inChunks<T>(items: readonly T[], action: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += chunk) await Promise.all(items.slice(at, at + chunk).map(action));
}

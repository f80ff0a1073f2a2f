/** What nobody wonders about. */
const quietMs = 1_000;

/** Says on a terminal, once it takes long, that it goes on; takes the line away at the end. */
export async function whileWaiting<T>(what: string, action: () => Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true) return await action();
  const begin = Date.now();
  const show = (): void => void process.stderr.write(`\r${what} ... ${Math.round((Date.now() - begin) / 1_000)} s`);
  const timer = setInterval(show, quietMs);
  try {
    return await action();
  } finally {
    clearInterval(timer);
    if (Date.now() - begin >= quietMs) process.stderr.write('\r\u001b[K');
  }
}

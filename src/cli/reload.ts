import { isatty } from 'node:tty';
import { GantryError } from '../model/errors.ts';
import { type LoadedConfig, loadConfig } from '../server/config.ts';
import type { Server } from '../server/server.ts';
import type { Flags } from './flags.ts';

/**
 * SIGHUP: file and files of variables are read again, and what can change in a running broker does. A mistake in them
 * leaves everything as it was. One reload at a time; the last word is always read.
 */
export function reloadOnHangUp(
  server: Pick<Server, 'applyReload' | 'log' | 'stop'>,
  flags: Flags,
  started: Promise<LoadedConfig>,
): void {
  const hadTerminal = process.stdin.isTTY;
  let reloading: Promise<void> = started.then(() => undefined);
  reloading.catch(() => undefined); // A start that failed says so itself.
  process.on('SIGHUP', () => {
    if (hadTerminal && !isatty(0)) void endWithTerminal(server);
    else reloading = reloading.then(async () => reload(server, flags, await started));
  });
}

/** A terminal that was closed says so by the same signal: then nobody is left to stop the broker. */
async function endWithTerminal(server: Pick<Server, 'stop'>): Promise<void> {
  await server.stop();
  // As the system would have it. By process.exit Node resets a terminal that is gone, and ends in a core dump.
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

async function reload(
  server: Pick<Server, 'applyReload' | 'log'>,
  flags: Flags,
  { file: fileBefore }: LoadedConfig,
): Promise<void> {
  const log = server.log();
  try {
    const { config, file } = await loadConfig({ flags, environment: process.env });
    if (fileBefore !== undefined && file === undefined) throw gone(fileBefore);
    const { changed, waiting } = await server.applyReload(config);
    for (const name of waiting) log?.warn('reload-needs-restart', { option: name });
    log?.info('reloaded', { file, changed }); // The last line of a reload.
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    log?.error('reload-failed', { why: error.message });
  }
}

function gone(file: string): GantryError {
  return new GantryError('invalid-argument', `${file}: no such file any more; nothing is changed`, { resource: file });
}

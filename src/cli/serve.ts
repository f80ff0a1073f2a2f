import { type LoadedConfig, loadConfig } from '../server/config.ts';
import { createServer, type Server } from '../server/server.ts';
import { banner } from './banner.ts';
import { exitCodes, reportFailure } from './exit-codes.ts';
import type { Flags } from './flags.ts';
import { reloadOnHangUp } from './reload.ts';
import { unbuiltOptions, whyWithoutEffect } from './unbuilt-options.ts';

const signalNumbers = { SIGINT: 2, SIGTERM: 15 } as const;
type StopSignal = keyof typeof signalNumbers;

/** Runs the broker until a signal; the process shell around the server: signals, last words, exit codes. */
export async function serve(flags: Flags): Promise<number | undefined> {
  try {
    const loaded = await loadConfig({ flags, environment: process.env });
    const server = createServer(loaded.config, { onBroken: () => process.exit(exitCodes.failed) });
    const isStopping = stopOnSignals(server);
    stopOnDefects(server);
    const started = server.start().then(() => loaded);
    reloadOnHangUp(server, flags, started);
    await started;
    if (!isStopping()) announce(server, loaded);
    return undefined;
  } catch (error) {
    return reportFailure(error);
  }
}

/** The first signal lets what is in flight finish; the second ends the process at once: the disk is right either way. */
function stopOnSignals(server: Server): () => boolean {
  let isStopping = false;
  // Ctrl-C reaches npm and us alike, and npm passes its own on: one press of the key is two signals here.
  let echoes = process.env.npm_lifecycle_event === undefined ? 0 : 1;
  const stop = (signal: StopSignal): void => {
    if (isStopping && signal === 'SIGINT' && echoes-- > 0) return;
    if (isStopping) process.exit(128 + signalNumbers[signal]);
    isStopping = true;
    server.log()?.info('stopping', { signal });
    server.stop().then(
      () => {
        server.log()?.info('stopped');
        process.exit(exitCodes.ok);
      },
      (error: unknown) => endByDefect(server, error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return () => isStopping;
}

/** Memory is wrong then, the disk is right: the next start reads what was acknowledged. */
function stopOnDefects(server: Server): void {
  process.on('uncaughtException', (error) => endByDefect(server, error)); // Rejections that nobody handles come here too.
  // Whoever read the ready line may have gone away; that is no reason to end.
  process.stdout.removeAllListeners('error').on('error', () => undefined);
}

function endByDefect(server: Server, error: unknown): never {
  const log = server.log();
  if (log === undefined) process.stderr.write(`gantry: ${error instanceof Error ? error.stack : String(error)}\n`);
  else log.fatal('defect', { error });
  process.exit(exitCodes.failed);
}

function announce(server: Server, { config, file }: LoadedConfig): void {
  const urls = [...server.status.listeners.values()].flat();
  if (process.stdout.isTTY) process.stdout.write(banner(server.status, config, server.userCount() > 0));
  process.stdout.write(`Gantry ready: ${urls.length === 0 ? 'no listener is on' : urls.join(' ')}\n`);
  const log = server.log();
  const { version } = server.status;
  const { dataDir, durability } = config;
  log?.info('started', { version, listeners: urls, dataDir, durability, users: server.userCount(), file });
  for (const name of unbuiltOptions(config))
    log?.warn('option-without-effect', { option: `--${name}`, why: whyWithoutEffect });
}

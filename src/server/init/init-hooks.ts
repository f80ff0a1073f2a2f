/**
 * Scripts that fill a broker that has just started: they are run one after the other when its listeners serve, and it
 * calls itself ready when they have ended. One that fails does not keep the others from running, nor the broker from
 * being ready: who moves here from LocalStack relies on that.
 */
import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { HookState, InitStatus } from '../health.ts';
import type { Log } from '../log.ts';
import { findHooks, type Hook } from './find-hooks.ts';
import { borrowPrograms } from './lent-programs.ts';
import { type RunningHook, runHook } from './run-hook.ts';

export interface InitHooks {
  /** Settles when all have ended, whatever their end. */
  run(endpoint: string | undefined): Promise<void>;
  /** Ends the one that runs, and begins no other; harmless before and after. */
  stop(): void;
}
type InitConfig = Pick<Config, 'initDir' | 'initTimeoutMs' | 'dataDir' | 'users'>;

export function createInitHooks(config: InitConfig, status: InitStatus, log: Log): InitHooks {
  let running: RunningHook | undefined;
  let isStopping = false;

  async function runOne(hook: Hook, environment: NodeJS.ProcessEnv): Promise<HookState> {
    const { name } = hook;
    running = runHook(hook, environment, (line) => log.info('hook-says', { hook: name, line }));
    const { stop, ended } = running;
    const ms = config.initTimeoutMs;
    const timer = ms === 0 ? undefined : setTimeout(() => stop(`not done within ${ms} ms (--init-timeout-ms)`), ms);
    const { exitCode, why } = await ended;
    clearTimeout(timer);
    running = undefined;
    if (exitCode === 0) return 'SUCCESSFUL';
    log.error('hook-failed', { hook: name, exitCode, why });
    return 'ERROR';
  }

  return {
    run: async (endpoint) => {
      for (const folder of config.initDir) {
        if (!existsSync(folder)) log.warn('init-folder-missing', { folder, option: '--init-dir' });
      }
      const hooks = await findHooks(config.initDir);
      status.scripts.push(...hooks.map(({ name }) => ({ name, state: 'UNKNOWN' as const })));
      if (hooks.length > 0 && endpoint === undefined) log.warn('hooks-left-out', { why: 'no listener is on' });
      else if (hooks.length > 0 && endpoint !== undefined) {
        const lent = await borrowPrograms(config.dataDir);
        const environment = environmentFor(endpoint, config.users.length > 0, lent.path);
        for (const [at, hook] of hooks.entries()) {
          const script = status.scripts[at];
          if (isStopping || script === undefined) break;
          script.state = 'RUNNING';
          script.state = await runOne(hook, environment);
        }
        await lent.giveBack();
      }
      status.isDone = true;
    },
    stop: () => {
      isStopping = true;
      running?.stop('the broker is stopping');
    },
  };
}

/** What the operator has set counts; what is missing is filled in, so that a script needs to know nothing. */
function environmentFor(endpoint: string, isControlled: boolean, path: string | undefined): NodeJS.ProcessEnv {
  const region = process.env.AWS_DEFAULT_REGION ?? process.env.AWS_REGION ?? 'us-east-1';
  const credentials = isControlled ? {} : { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  return {
    ...{ AWS_DEFAULT_REGION: region, AWS_REGION: region, ...credentials, ...process.env },
    ...{
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_SQS: endpoint,
      AWS_ENDPOINT_URL_SNS: endpoint,
      GANTRY_ENDPOINT: endpoint,
    },
    ...(path === undefined ? {} : { PATH: path }),
  };
}

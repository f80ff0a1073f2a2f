import type { Config } from './config.ts';
import { options } from './options.ts';
/** What the server knows about itself; health answers are computed from it and nothing else. */
export interface ServerStatus {
  version: string;
  phase: 'starting' | 'running' | 'stopping';
  /** What a start waits for. */
  startingWith: 'store' | 'definitions';
  store: { state: 'ok' | 'full' | 'broken' | 'lost'; why: string };
  /** Scripts that are run once, before the broker calls itself ready. */
  readonly init: InitStatus;
  /** Protocol -> its listeners' real addresses; empty: off. */
  readonly listeners: Map<string, readonly string[]>;
}
export interface InitStatus {
  isDone: boolean;
  readonly scripts: { readonly name: string; state: HookState }[];
}
/** In LocalStack's words, for `/_localstack/init` has them. */
export type HookState = 'UNKNOWN' | 'RUNNING' | 'SUCCESSFUL' | 'ERROR';
export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

/** 200 while messages can be taken or given. A full store is still 200: consumers must be let in to make room. */
export function health(status: ServerStatus): HealthAnswer {
  const reasons = reasonsOf(status);
  return {
    status: isServing(status) ? 200 : 503,
    body: {
      status: word(status),
      version: status.version,
      listeners: listenersOf(status),
      ...(reasons.length === 0 ? {} : { reasons }),
    },
  };
}

/** The process answers: that is all. */
export function liveness(): HealthAnswer {
  return { status: 200, body: { status: 'ok' } };
}

/** 503 with the reasons while no request would be served, or scripts still fill the broker. */
export function readiness(status: ServerStatus): HealthAnswer {
  const isReady = isServing(status) && status.init.isDone;
  return {
    status: isReady ? 200 : 503,
    body: { status: word(status), isReady, reasons: [...reasonsOf(status), ...initReasons(status)] },
  };
}

/** The shape that wait scripts written for another local endpoint look for. */
export function localstackHealth(status: ServerStatus): HealthAnswer {
  const isReady = isServing(status) && status.init.isDone;
  const state = isReady ? 'running' : 'initializing';
  return {
    status: isReady ? 200 : 503,
    body: { services: { sqs: state, sns: state }, edition: 'gantry', version: status.version },
  };
}

const stages = ['BOOT', 'START', 'READY', 'SHUTDOWN'] as const;

/** LocalStack's answer about its init hooks; only those of the stage READY are ever run here. */
export function localstackInit(status: ServerStatus, stage?: string): HealthAnswer {
  const isReady = isServing(status) && status.init.isDone;
  const completed = { BOOT: true, START: isServing(status), READY: isReady, SHUTDOWN: false };
  const scripts = status.init.scripts.map(({ name, state }) => ({ stage: 'READY', name, state }));
  const asked = stages.find((one) => one === stage);
  if (asked === undefined) return { status: 200, body: { completed, scripts } };
  return { status: 200, body: { completed: completed[asked], scripts: asked === 'READY' ? scripts : [] } };
}

function initReasons({ init: { isDone, scripts } }: ServerStatus): readonly string[] {
  if (isDone) return [];
  const running = scripts.find(({ state }) => state === 'RUNNING');
  return [running === undefined ? 'init hooks are to be run' : `the init hook ${running.name} is running`];
}

function isServing({ phase, store }: ServerStatus): boolean {
  return phase === 'running' && (store.state === 'ok' || store.state === 'full');
}

function word({ phase, store }: ServerStatus): string {
  if (phase !== 'running') return phase;
  return store.state;
}

const startingReasons = {
  store: 'the store is being opened',
  definitions: 'definitions are being applied',
} as const;

function reasonsOf({ phase, startingWith, store }: ServerStatus): readonly string[] {
  const reasons: string[] = [];
  if (phase === 'starting') reasons.push(startingReasons[startingWith]);
  if (phase === 'stopping') reasons.push('the broker is stopping');
  if (store.state !== 'ok') reasons.push(`the store is ${store.state}: ${store.why}`);
  return reasons;
}

function listenersOf({ listeners }: ServerStatus): Readonly<Record<string, string | readonly string[]>> {
  const shown: Record<string, string | readonly string[]> = {};
  for (const [protocol, urls] of listeners) {
    shown[protocol] = urls[0] ?? 'off';
    if (protocol === 'http' || protocol === 'https') shown[`${protocol}All`] = urls;
  }
  return shown;
}

/** Protocols still to come are shown as off, whatever their option says. */
export function createStatus({ initDir }: Config): ServerStatus {
  const listeners = new Map<string, readonly string[]>([
    ['http', []],
    ['https', []],
  ]);
  for (const option of Object.values(options)) {
    if ('awaits' in option && option.awaits !== undefined) listeners.set(option.awaits, []);
  }
  const init = { isDone: initDir.length === 0, scripts: [] };
  return { version: '', phase: 'starting', startingWith: 'store', store: { state: 'ok', why: '' }, init, listeners };
}

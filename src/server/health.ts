/** What the server knows about itself; health answers are computed from it and nothing else. */
export interface ServerStatus {
  version: string;
  phase: 'starting' | 'running' | 'stopping';
  store: { state: 'ok' | 'full' | 'broken' | 'lost'; why: string };
  /** Protocol -> its listeners' real addresses; empty: off. */
  readonly listeners: Map<string, readonly string[]>;
}
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

/** 503 with the reasons while no request would be served. */
export function readiness(status: ServerStatus): HealthAnswer {
  return {
    status: isServing(status) ? 200 : 503,
    body: { status: word(status), isReady: isServing(status), reasons: reasonsOf(status) },
  };
}

/** The shape that wait scripts written for another local endpoint look for. */
export function localstackHealth(status: ServerStatus): HealthAnswer {
  const state = isServing(status) ? 'running' : 'initializing';
  return {
    status: isServing(status) ? 200 : 503,
    body: { services: { sqs: state }, edition: 'gantry', version: status.version },
  };
}

function isServing({ phase, store }: ServerStatus): boolean {
  return phase === 'running' && (store.state === 'ok' || store.state === 'full');
}

function word({ phase, store }: ServerStatus): string {
  if (phase !== 'running') return phase;
  return store.state;
}

function reasonsOf({ phase, store }: ServerStatus): readonly string[] {
  const reasons: string[] = [];
  if (phase === 'starting') reasons.push('the store is being opened');
  if (phase === 'stopping') reasons.push('the broker is stopping');
  if (store.state !== 'ok') reasons.push(`the store is ${store.state}: ${store.why}`);
  return reasons;
}

function listenersOf({ listeners }: ServerStatus): Readonly<Record<string, string | readonly string[]>> {
  const shown: Record<string, string | readonly string[]> = {};
  for (const [protocol, urls] of listeners) {
    shown[protocol] = urls[0] ?? 'off';
    if (protocol === 'http') shown.httpAll = urls;
  }
  return shown;
}

import { createSigner } from '../../protocols/sns/signing/index.ts';
import type { Store } from '../../storage/store.ts';
import type { Broker } from '../core/broker.ts';
import { GantryError } from '../model/errors.ts';
import type { QueueAddress } from '../model/queue.ts';
import type { TopicAddress } from '../model/topic.ts';
import { type Access, createAccess } from './access.ts';
import { type BindAddress, bindAddresses, reachableUrl, refuseOpenAddresses, whyNotOpen } from './addresses.ts';
import type { AdminRouter } from './admin/router.ts';
import { createAdminLoader } from './admin-loader.ts';
import { readAuthorities } from './authorities.ts';
import { type BackupStream, type Backups, createBackups } from './backups.ts';
import type { Config } from './config.ts';
import { dataDirError, prepareDataDir } from './data-dir.ts';
import { loadDefinitions } from './definitions-loader.ts';
import { createFaults } from './faults/faults.ts';
import { createStatus, type ServerStatus } from './health.ts';
import { createHintLog } from './hint-log.ts';
import { createHttpEntry } from './http-entry.ts';
import { createHttpListeners } from './http-listeners.ts';
import type { InitHooks } from './init/init-hooks.ts';
import { createLinkBases } from './link-bases.ts';
import { createLog, type Log, type ServerLog } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createMovableClock } from './movable-clock.ts';
import { defaultParts, type Migrated, type ServerParts } from './parts.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { type LiveConfig, type Reloaded, takeOver } from './reload.ts';
import { createRoutes } from './routes.ts';
import { ownUrl, signingCertBase } from './signing-cert-url.ts';
import { createSigningKeyFile } from './signing-key-file.ts';
import { type Pushing, servePushes } from './sns-pushes.ts';
import { snsQuotas } from './sns-quotas.ts';
import { openStore } from './store-opening.ts';
import { createSystemClock } from './system-clock.ts';
import { createSystemRandom } from './system-random.ts';
import { createTestControls, type TestControls } from './test-controls.ts';
import { startTraces, type Traces } from './traces/index.ts';
import { logUndelivered } from './undelivered-log.ts';
import { readVersion } from './version.ts';

export interface Server {
  readonly status: ServerStatus;
  /** @throws GantryError, one line for a person; nothing stays open */
  start(): Promise<void>;
  /**
   * Accepts nothing more, answers waiting receives empty, lets what is in flight finish, writes what is in memory.
   * Harmless twice and before the start.
   */
  stop(): Promise<void>;
  /** A copy of the store while it goes on. @throws GantryError `unavailable` unless it runs; see Backups */
  backup(signal?: AbortSignal): Promise<BackupStream>;
  /** Undefined until `start` has made it. */
  log(): Log | undefined;
  /** Puts into effect what can change while it runs; the rest waits for the next start. */
  applyReload(next: Config): Promise<Reloaded>;
  /** Those of files and those of the store. */
  userCount(): number;
  /** Undefined: it is not for tests. */
  readonly controls: TestControls | undefined;
}
export interface ServerHooks {
  /** The disk can no longer be trusted, or others took over: nothing may be acknowledged after this. */
  onBroken(why: string): void;
  /** It is for tests, whatever `--test-endpoints` says of what is reached over HTTP. */
  readonly isForTests?: boolean;
  /** What other programs' variables say (`OTEL_*`); default those of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Wires everything: config -> store -> core -> protocols -> listeners. Long-lived things are made here alone. */
export function createServer(given: Config, hooks: ServerHooks, overrides: Partial<ServerParts> = {}): Server {
  const parts: ServerParts = { ...defaultParts, ...overrides };
  /** Read when it is needed, never copied where an option is live: `applyReload` changes it in place. */
  const config: LiveConfig = { ...given };
  const isForTests = config.testEndpoints || hooks.isForTests === true;
  const movable = isForTests ? createMovableClock(createSystemClock()) : undefined;
  const clock = movable ?? createSystemClock();
  const faults = movable && createFaults({ clock: movable, actions: () => actions });
  const controls = movable && faults && createTestControls({ clock: movable, faults, running });
  const random = createSystemRandom();
  const findQueue = (address: QueueAddress) => broker?.catalogue.find(address);
  const findTopic = (address: TopicAddress) => broker?.topics.catalogue.find(address);
  const status = createStatus(config);
  const access: Access = createAccess({
    fileUsers: config.users,
    dataDir: config.dataDir,
    random,
    findQueue,
    findTopic,
    whyNotOpen: () => (config.allowAnonymous ? undefined : whyNotOpen(addresses)),
    narrowed: () => broker?.endWaits(),
    log: () => log,
  });
  const signer = createSigner({
    keys: createSigningKeyFile({ dataDir: config.dataDir, random, log: () => log, now: Date.now }),
    certUrlBase: signingCertBase(config, () => status.listeners.get('https')?.[0]),
  });
  const routes = createRoutes({
    status,
    access: () => access,
    log: () => log,
    metrics: () => metrics,
    refusals: () => refusals,
    admin: () => admin?.(),
    signer,
  });
  const entry = createHttpEntry(config, routes, () => log);
  const listeners = createHttpListeners(config, entry, random);
  const linkBases = createLinkBases({
    config,
    clock,
    hasUsers: () => access.current !== undefined,
    isOpen: () => whyNotOpen(addresses) !== undefined,
    ownUrl: () => ownUrl(status),
    isCertified: listeners.isCertified,
  });
  /** For what would go on for ever. */
  const ending = new AbortController();
  let actions: readonly string[] = [];
  let log: ServerLog | undefined;
  let store: Store | undefined;
  let addresses: readonly BindAddress[] = [];
  let broker: Broker | undefined;
  let metrics: Metrics | undefined;
  let traces: Traces | undefined;
  let refusals: Refusals | undefined;
  let admin: (() => Promise<AdminRouter>) | undefined;
  let pushes: Pushing | undefined;
  let init: InitHooks | undefined;
  let backups: Backups | undefined;
  let migrated: Migrated | undefined;
  let starting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;

  async function bringUp(): Promise<void> {
    await prepareDataDir(config.dataDir);
    const opened = await openStore(parts.openStore, {
      ...{ config, clock, random, status },
      log: () => log,
      migrated: (how) => {
        migrated = how;
      },
      broken: hooks.onBroken,
    });
    store = opened;
    // Its thread works while the rest is loaded; what it says is heard below.
    const storeStarted = opened.start();
    storeStarted.catch(() => undefined);
    const madeLog = await createLog(config.logLevel);
    log = madeLog;
    status.version = await readVersion();
    addresses = await bindAddresses(config.host);
    await access.prepare();
    // Whether there are users must be known before a port is open to others; on loopback it is asked meanwhile.
    const definitions = await loadDefinitions(config, hooks.environment ?? process.env);
    await readAuthorities(config.snsCaFile, {}); // What is wrong with it would show at the first push.
    const isControlled = config.allowAnonymous || access.current !== undefined;
    const usersRead = storeStarted.then(() => access.start(opened));
    usersRead.catch(() => undefined);
    if (!isControlled && whyNotOpen(addresses) !== undefined) {
      await storeReady(storeStarted);
      await usersRead;
      refuseOpenAddresses(addresses, access.current !== undefined || definitions?.hasUsers === true);
    }
    status.listeners.set('http', await listeners.open(addresses, madeLog));
    status.listeners.set('https', await listeners.openTls(addresses, madeLog));
    const { version } = status;
    traces = await startTraces({ config, environment: hooks.environment ?? process.env, version, log: madeLog });
    const madeBroker = await parts.createBroker(
      {
        ...{ store: opened, authorize: access.authorize, random },
        leasedMax: config.sqsInFlightMax === 0 ? undefined : config.sqsInFlightMax,
        replaysMax: config.snsReplaysMax,
        carry: traces?.carry,
      },
      { signer, baseUrl: () => config.publicUrl ?? ownUrl(status) },
    );
    broker = madeBroker;
    traces?.listen(madeBroker.events);
    logUndelivered(madeBroker.events, madeLog, clock);
    const madeRefusals = createRefusals(madeLog, clock);
    refusals = madeRefusals;
    const front = await parts.createHttpFront({
      broker: madeBroker,
      config,
      clock,
      random,
      access,
      faults,
      signer,
      linkBases,
      report: entry.report,
      hint: createHintLog(madeLog, clock),
      refused: madeRefusals.note,
    });
    await storeReady(storeStarted);
    await usersRead;
    if (migrated !== undefined) madeLog.info('store-migrated', { ...migrated });
    const madeBackups = createBackups({ store: opened, dataDir: config.dataDir });
    await madeBackups.clear();
    backups = madeBackups;
    await madeBroker.start();
    pushes = servePushes({
      ...{ broker: madeBroker, config, clock, random, log: madeLog, isOpen: whyNotOpen(addresses) !== undefined },
      environment: hooks.environment ?? process.env,
      report: entry.report,
    });
    status.startingWith = 'definitions';
    const madeForSns = { broker: madeBroker, random, clock, signer, linkBases };
    await definitions?.apply({ ...madeForSns, access, quotas: snsQuotas(config), baseUrl: ownUrl(status) }, madeLog);
    const madeMetrics = createMetrics({
      broker: madeBroker,
      store: opened,
      clock,
      status,
      dataDir: config.dataDir,
      queuesMax: () => config.metricsQueuesMax,
      invariantFailures: entry.invariantFailures,
      refusals: madeRefusals.counts,
      connections: listeners.connectionCount,
    });
    metrics = madeMetrics;
    admin = createAdminLoader({
      parts: {
        ...{ broker: madeBroker, store: opened, backups: madeBackups },
        ...{ config, status, clock, random, controls, access, signer, linkBases, topicCounts: madeMetrics.topicCounts },
      },
      stopping: ending.signal,
      report: entry.report,
      refusals: madeRefusals,
    });
    actions = front.actions ?? [];
    entry.serve(front);
    status.phase = 'running';
    await runInitHooks(madeLog);
  }

  async function runInitHooks(madeLog: Log): Promise<void> {
    if (status.init.isDone) return;
    // Imported here, because hardly any start has hooks.
    const { createInitHooks } = await import('./init/init-hooks.ts');
    if (stopping !== undefined) return;
    init = createInitHooks(config, status.init, madeLog);
    const [url] = status.listeners.get('http') ?? [];
    await init.run(url === undefined ? undefined : reachableUrl(url));
  }

  function running() {
    return status.phase === 'running' && broker && store ? { broker, store } : undefined;
  }

  async function storeReady(started: Promise<void>): Promise<void> {
    await started.catch((cause: unknown) => {
      throw dataDirError(config.dataDir, cause);
    });
  }

  async function applyReload(next: Config): Promise<Reloaded> {
    // First, for they alone can be refused, and then all stays as it was.
    const hasOthers = await access.reload(next.users);
    config.users = next.users;
    const reloaded = takeOver(config, next);
    log?.setLevel(config.logLevel);
    await listeners.retune();
    if (!hasOthers) return reloaded;
    return { ...reloaded, changed: { ...reloaded.changed, users: access.fileUsers.map(({ name }) => name) } };
  }

  async function takeDown(): Promise<void> {
    status.phase = 'stopping';
    entry.refuse();
    ending.abort();
    faults?.stop();
    const closing = listeners.close();
    await broker?.stop();
    await pushes?.stop();
    const isClean = await closing;
    if (!isClean) log?.warn('requests-cut-off', { shutdownTimeoutMs: config.shutdownTimeoutMs });
    metrics?.stop();
    await traces?.stop();
    await store?.stop();
  }

  return {
    status,
    controls,
    log: () => log,
    userCount: () => access.fileUsers.length + access.storedUsers().length,
    applyReload,
    backup: async (signal) => {
      if (backups !== undefined && status.phase === 'running') return await backups.take(signal);
      throw new GantryError('unavailable', 'the broker is not running');
    },
    start: () => {
      starting ??= bringUp().catch(async (error: unknown) => {
        await takeDown();
        throw error;
      });
      return starting;
    },
    stop: () => {
      init?.stop();
      stopping ??= (starting ?? Promise.resolve()).then(takeDown, () => undefined);
      return stopping;
    },
  };
}

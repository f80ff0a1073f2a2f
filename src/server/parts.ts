import type { FaultSource } from '../../protocols/aws/fault.ts';
import type { Signer } from '../../protocols/sns/signing/index.ts';
import type { LinkBases } from '../../protocols/sns/sns.ts';
import type { Store } from '../../storage/store.ts';
import type { Broker, BrokerDependencies } from '../core/broker.ts';
import type { Clock } from '../model/clock.ts';
import type { Random } from '../model/random.ts';
import type { Refusal, Requested } from '../security/refusal.ts';
import type { Access } from './access.ts';
import type { Config } from './config.ts';
import type { HttpFront } from './http-entry.ts';
import { snsQuotas } from './sns-quotas.ts';

interface StoreOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly synchronous: 'FULL' | 'NORMAL';
  readonly bodyCacheBytes: number;
  readonly pendingBytesMax: number;
  readonly freeBytesMin: number;
  readonly skipsMigrationCopy: boolean;
  onMigrated(migrated: Migrated): void;
}
/** An older release's file was brought to this one's schema; `copy` is the file as it was. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
  readonly copy: string | undefined;
}
interface FrontDependencies {
  readonly broker: Broker;
  /** Its live options change while the front serves: read when needed, not copied. */
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly access: Access;
  /** Undefined: not a broker for tests. */
  readonly faults: FaultSource | undefined;
  readonly signer: Signer;
  readonly linkBases: LinkBases;
  /** Told of failures that are the broker's own. */
  report(error: unknown): void;
  /** Told the hints that go with errors. */
  hint(hint: string, requested: Requested): void;
  /** Told of requests that are refused to who asks. */
  refused(refusal: Refusal): void;
}

interface EnvelopeDependencies {
  readonly signer: Signer;
  /** Of this broker, for links in messages whose publisher came by no HTTP. */
  baseUrl(): string;
}

/**
 * The rooms that the server puts together, each loaded when it is needed: the store's thread starts while the others
 * are still being read from disk. A test hands in its own.
 */
export interface ServerParts {
  openStore(options: StoreOptions): Promise<Store>;
  createBroker(dependencies: BrokerDependencies, sns: EnvelopeDependencies): Promise<Broker>;
  createHttpFront(dependencies: FrontDependencies): Promise<HttpFront>;
}

export const defaultParts: ServerParts = {
  openStore: async (options) => {
    const { openSqliteStore } = await import('../../storage/sqlite/index.ts');
    return openSqliteStore(options);
  },
  createBroker: async (dependencies, { signer, baseUrl }) => {
    const [{ createBroker }, { createEnvelopes }] = await Promise.all([
      import('../core/broker.ts'),
      import('../../protocols/sns/envelope.ts'),
    ]);
    return createBroker({ ...dependencies, envelopes: createEnvelopes(signer, baseUrl) });
  },
  createHttpFront: async ({ broker, config, clock, random, access, faults, signer, linkBases, ...told }) => {
    const [{ createAwsFront }, { createSqs }, { createSns }, { createSts }] = await Promise.all([
      import('../../protocols/aws/index.ts'),
      import('../../protocols/sqs/index.ts'),
      import('../../protocols/sns/index.ts'),
      import('../../protocols/sts/index.ts'),
    ]);
    const { publicUrl, trustProxy: isProxyTrusted } = config;
    const pacing = {
      get purgeMs() {
        return config.sqsPurgeIntervalMs;
      },
      get recreateMs() {
        return config.sqsRecreateIntervalMs;
      },
      get fifoCallsASecondMax() {
        return config.sqsFifoRateMax;
      },
    };
    const gates = await access.derive(async () => {
      const { Gate } = await import('../../protocols/aws/gate.ts');
      return (guard) => new Gate({ ...guard, isProxyTrusted });
    });
    return createAwsFront({
      services: [
        createSqs({ broker, clock, publicUrl, pacing, isAttemptLenient: config.sqsLenientAttempts }),
        createSns({ broker, clock, linkBases, random, signer, quotas: snsQuotas(config) }),
        createSts({ clock: { now: () => (access.current?.clock ?? clock).now() }, random }),
      ],
      get corsOrigins() {
        return config.corsOrigins;
      },
      publicUrl,
      get requestBytesMax() {
        return config.requestBytesMax;
      },
      isProxyTrusted,
      gates,
      faults,
      ...told,
    });
  },
};

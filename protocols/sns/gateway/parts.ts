import type { Push } from '../../../src/core/broker.ts';
import type { FunctionInvoker } from '../../../src/core/functions.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Random } from '../../../src/model/random.ts';
import type { Delivery } from '../delivery/index.ts';
import type { MobileSenders } from '../mobile/senders.ts';
import type { DeliveryStatus } from './delivery-status.ts';

/** What the gateway is handed. */
export interface GatewayParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly delivery: Pick<Delivery, 'post' | 'send' | 'stop'>;
  /** To telephones and devices. */
  readonly mobile: Pick<MobileSenders, 'toPhone' | 'toEndpoint'>;
  /** Undefined: this broker runs no functions. */
  readonly functions: FunctionInvoker | undefined;
  /** Told of deliveries of topics that ask for it. */
  status(status: DeliveryStatus): void;
  /** Told of each try that was in vain. @param isGivenUp there is no other */
  failed(push: Push, outcome: FailedOutcome, isGivenUp: boolean): void;
  /** Told of a defect of ours, which costs the one message that met it. */
  report(error: unknown): void;
}
export type FailedOutcome = Exclude<PushOutcome, { readonly type: 'delivered' }>;

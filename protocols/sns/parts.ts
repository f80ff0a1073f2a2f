import type { Broker } from '../../src/core/broker.ts';
import type { FilterPolicyOptions } from '../../src/filter/policy/index.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Random } from '../../src/model/random.ts';
import { createConfirmationPace } from './confirmation-pace.ts';
import { createOutboxProvider } from './delivery/outbox.ts';
import { createOutboxStorage } from './delivery/outbox-storage.ts';
import type { Destinations } from './destinations.ts';
import { createDestinations } from './mobile/direct.ts';
import { createMobileSenders } from './mobile/senders.ts';
import type { Signer } from './signing/index.ts';
import type { LinkBases, Sns, SubscriptionQuotas } from './sns.ts';

export interface SnsDependencies {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Default: links begin as the client came. */
  readonly linkBases?: LinkBases | undefined;
  /** Default: what goes to telephones and devices is kept in the outbox. */
  readonly destinations?: Destinations | undefined;
  readonly random: Random;
  /** Default: what endpoints are told is not signed. */
  readonly signer?: Pick<Signer, 'sign' | 'certUrl'> | undefined;
  readonly filterOptions?: FilterPolicyOptions;
  /** Read at each request; default: none. */
  readonly quotas?: SubscriptionQuotas;
}

const noQuotas: SubscriptionQuotas = {
  ...{
    perTopicMax: undefined,
    filtersPerTopicMax: undefined,
    filtersPerAccountMax: undefined,
    filterBytesMax: undefined,
  },
};

const asAsked: LinkBases = { of: (asked) => asked, ofUnsigned: (asked) => asked };

/** What the handlers work with. */
export function createSnsParts(dependencies: SnsDependencies): Sns {
  const { broker, clock, random, signer, linkBases = asAsked } = dependencies;
  const { destinations = toOutbox(broker, clock) } = dependencies;
  const { filterOptions = {}, quotas = noQuotas } = dependencies;
  const confirmationPace = createConfirmationPace();
  return { broker, clock, linkBases, random, signer, destinations, filterOptions, quotas, confirmationPace };
}

function toOutbox(broker: Broker, clock: Clock): Destinations {
  const provider = createOutboxProvider(createOutboxStorage(broker), clock);
  return createDestinations(createMobileSenders({ broker, provider }));
}

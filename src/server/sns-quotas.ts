import type { SubscriptionQuotas } from '../../protocols/sns/sns.ts';
import type { Config } from './config.ts';

/** As they are set at the time; 0 is none. */
export function snsQuotas(config: Config): SubscriptionQuotas {
  const max = (setting: number) => (setting === 0 ? undefined : setting);
  return {
    get perTopicMax() {
      return max(config.snsSubscriptionsMax);
    },
    get filtersPerTopicMax() {
      return max(config.snsFilterPoliciesMax);
    },
    get filtersPerAccountMax() {
      return max(config.snsAccountFilterPoliciesMax);
    },
    get filterBytesMax() {
      return max(config.snsFilterPolicyBytesMax);
    },
  };
}

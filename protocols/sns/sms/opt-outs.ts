/** Telephones whose owners want no more text messages of an account, in whatever region. */
import type { Broker, DocumentKind } from '../../../src/core/broker.ts';

const optOutKind: DocumentKind<object> = { name: 'sns-opt-out', read: () => ({}) };

export function optOutsOf(broker: Broker) {
  return broker.documents(optOutKind);
}

export function optOutPrefix(account: string): string {
  return `${account}/`;
}

export function isOptedOut(broker: Broker, account: string, phoneNumber: string): boolean {
  return optOutsOf(broker).get(optOutPrefix(account) + phoneNumber) !== undefined;
}

export async function optOut(broker: Broker, account: string, phoneNumber: string): Promise<void> {
  await optOutsOf(broker).change(optOutPrefix(account) + phoneNumber, (before) => before ?? {});
}

/** One that is not opted out stays as it is (verified). */
export async function optIn(broker: Broker, account: string, phoneNumber: string): Promise<void> {
  await optOutsOf(broker).change(optOutPrefix(account) + phoneNumber, () => undefined);
}

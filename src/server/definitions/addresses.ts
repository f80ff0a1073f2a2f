/** Where queues and topics are, as definitions say it. */
import { defaultNamespace, type Namespace } from '../../model/queue.ts';

type Address = Namespace & { readonly name: string };

/** The name alone where nothing else can be meant. */
export function addressWords({ account, region, name }: Address): string {
  const isDefault = account === defaultNamespace.account && region === defaultNamespace.region;
  return isDefault ? name : `${account}/${region}/${name}`;
}

/** @param definition names its account and region, or has those of `namespace` */
export function addressIn(
  namespace: Namespace,
  { name, account = namespace.account, region = namespace.region }: Written,
): Address {
  return { account, region, name };
}
interface Written {
  readonly name: string;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** No part can have a space. */
export function addressText({ account, region, name }: Address): string {
  return `${account} ${region} ${name}`;
}

export function isInScope(scope: Partial<Namespace>, { account, region }: Namespace): boolean {
  return (scope.account ?? account) === account && (scope.region ?? region) === region;
}

/** In the order of account, region and name. */
export function inOrder<T extends { readonly address: Address }>(all: readonly T[]): readonly T[] {
  return all
    .map((one) => ({ one, text: addressText(one.address) }))
    .toSorted((left, right) => (left.text < right.text ? -1 : 1))
    .map(({ one }) => one);
}

/** The keys of an export that say where it is. @param namespace of who asks: the default one goes without saying there */
export function shownAddress({ account, region, name }: Address, namespace: Namespace) {
  const isCompact = namespace.account === defaultNamespace.account && namespace.region === defaultNamespace.region;
  return {
    name,
    ...(isCompact && account === defaultNamespace.account ? {} : { account }),
    ...(isCompact && region === defaultNamespace.region ? {} : { region }),
  };
}

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { GantryError } from '../model/errors.ts';

export interface BindAddress {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  /** A machine without it starts without it. */
  readonly isOptional: boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/**
 * What a list of hosts means in addresses, each once. `localhost` is both loopback addresses, the second only where
 * there is one: a client that resolves the name to either finds the broker.
 * @throws GantryError `invalid-argument` for a name that nobody knows
 */
export async function bindAddresses(hosts: readonly string[]): Promise<readonly BindAddress[]> {
  const found = new Map<string, BindAddress>();
  for (const host of hosts)
    for (const address of await addressesOf(host)) if (!found.has(address.address)) found.set(address.address, address);
  return [...found.values()];
}

async function addressesOf(host: string): Promise<readonly BindAddress[]> {
  if (host.toLowerCase() === 'localhost')
    return [
      { address: '127.0.0.1', family: 'ipv4', isOptional: false },
      { address: '::1', family: 'ipv6', isOptional: true },
    ];
  if (isIP(host) !== 0) return [{ address: host, family: family(host), isOptional: false }];
  try {
    const resolved = await lookup(host, { all: true });
    return resolved.map(({ address }) => ({ address, family: family(address), isOptional: false }));
  } catch (cause) {
    throw new GantryError('invalid-argument', `--host ${host}: no address is known for this name`, {
      resource: host,
      cause,
    });
  }
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function isLoopback({ address, family }: BindAddress): boolean {
  return loopback.check(address, family);
}

/** @returns undefined: they are all loopback's, which nobody else reaches */
export function whyNotOpen(addresses: readonly BindAddress[]): string | undefined {
  const open = addresses.find((address) => !isLoopback(address));
  return open === undefined ? undefined : `--host ${open.address} is open to others`;
}

/**
 * Beyond loopback anybody on the network could read and delete every message.
 * @param isControlled there are users, or everybody is to be let in
 * @throws GantryError `invalid-argument` naming the way out
 */
export function refuseOpenAddresses(addresses: readonly BindAddress[], isControlled: boolean): void {
  const open = addresses.find((address) => !isLoopback(address));
  if (open === undefined || isControlled) return;
  throw new GantryError(
    'invalid-argument',
    `--host ${open.address} is open to others and no user is configured: add users to the configuration file or with "gantry user add", let everybody in` +
      ' with --allow-anonymous (GANTRY_ALLOW_ANONYMOUS=true), or listen on 127.0.0.1',
    { resource: open.address },
  );
}

/** How this machine reaches a listener: by loopback where its address stands for all that there are. */
export function reachableUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** `http://[::1]:4566`. */
export function listenerUrl(scheme: string, address: string, port: number): string {
  return `${scheme}://${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}

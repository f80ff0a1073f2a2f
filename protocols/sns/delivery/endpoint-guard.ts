import { BlockList, isIP } from 'node:net';
import { GantryError } from '../../../src/model/errors.ts';
import { isInList, reachOf } from './address-ranges.ts';

/** Says whither the broker sends what a client subscribed: a client must not reach through it what only the broker reaches. */
export interface EndpointGuard {
  /** Whether a connection to this address may be made for an endpoint of this host. */
  allows(host: string, address: string): boolean;
  /**
   * What can be told of a host before it is looked up: all of an address, little of a name.
   * @returns why not; undefined: nothing speaks against it yet
   */
  refusal(host: string): string | undefined;
}

export interface GuardOptions {
  /** Hosts, `*.domain`, addresses, or ranges such as `10.1.0.0/16`, that are allowed whatever they are. */
  readonly allow: readonly string[];
  /** True: others reach the broker, so loopback and private addresses are not for everybody to post to. */
  readonly isOpen: boolean;
}

/** Names whose meaning is fixed, for where a proxy looks names up. */
const privateNames = /(^|\.)localhost$/;
const metadataNames: ReadonlySet<string> = new Set(['metadata.google.internal', 'metadata.goog', 'instance-data']);

/** @throws GantryError `invalid-argument` for a range that is none */
export function createEndpointGuard({ allow, isOpen }: GuardOptions): EndpointGuard {
  const allowed = parseAllowed(allow);

  function refusesAddress(address: string): boolean {
    const reach = reachOf(address);
    if (reach === 'public' || (reach === 'private' && !isOpen)) return false;
    return !isInList(allowed.addresses, address);
  }

  return {
    allows: (host, address) => isIP(address) !== 0 && (allowed.hasHost(host) || !refusesAddress(address)),
    refusal(host) {
      if (allowed.hasHost(host)) return undefined;
      const name = host.toLowerCase().replace(/\.$/, '');
      const isRefused =
        isIP(host) !== 0 ? refusesAddress(host) : metadataNames.has(name) || (isOpen && privateNames.test(name));
      return isRefused ? refusalText(host) : undefined;
    },
  };
}

/** The way out is for who runs the broker; it says nothing that whoever subscribed does not know. */
export function refusalText(host: string): string {
  return `the endpoint's host ${host.slice(0, 253)} is not one that this broker sends to (--sns-endpoints-allow)`;
}

interface Allowed {
  readonly addresses: BlockList;
  hasHost(host: string): boolean;
}

function parseAllowed(entries: readonly string[]): Allowed {
  const addresses = new BlockList();
  const names = new Set<string>();
  const suffixes: string[] = [];
  for (const entry of entries) {
    const range = parseRange(entry);
    if (range !== undefined) addresses.addSubnet(range.address, range.prefix, range.family);
    else if (entry.startsWith('*.')) suffixes.push(entry.slice(1).toLowerCase());
    else names.add(entry.toLowerCase());
  }
  return {
    addresses,
    hasHost: (host) => {
      const name = host.toLowerCase();
      return names.has(name) || suffixes.some((suffix) => name.endsWith(suffix));
    },
  };
}

/** @returns undefined for what is a name */
function parseRange(entry: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', prefixText] = /^\[?([^\]/]*)\]?(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const version = isIP(address);
  if (version === 0) {
    if (!entry.includes('/')) return undefined;
    throw new GantryError('invalid-argument', `--sns-endpoints-allow "${entry}": no address before the /`);
  }
  const bits = version === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (prefix > bits) {
    throw new GantryError('invalid-argument', `--sns-endpoints-allow "${entry}": a prefix is at most /${bits}`);
  }
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

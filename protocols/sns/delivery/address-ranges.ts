/**
 * Where nobody outside sends the broker to. An IPv4 address has many faces in IPv6 (mapped, compatible, translated, 6to4),
 * and behind each of them is the same machine: every range is listed with all of them.
 */
import { BlockList, isIP } from 'node:net';

type Range = readonly [address: string, prefix: number];

/** This machine "as such", link-local with the metadata services of clouds, groups, and what nobody has. */
const neverIpv4: readonly Range[] = [
  ...([
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
  ...([
    ['100.100.100.200', 32],
    ['168.63.129.16', 32],
    ['192.0.0.192', 32],
  ] as const), // Metadata of Alibaba, Azure, Oracle.
];
const neverIpv6: readonly Range[] = [
  ...([
    ['::', 128],
    ['fe80::', 10],
    ['ff00::', 8],
  ] as const),
  ...([
    ['fd00:ec2::', 32],
    ['fd20:ce::', 32],
  ] as const), // Metadata of AWS and of Google.
];

/** This machine and its neighbours. */
const privateIpv4: readonly Range[] = [
  ...([
    ['127.0.0.0', 8],
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
  ] as const),
  ...([
    ['100.64.0.0', 10],
    ['192.0.0.0', 24],
    ['198.18.0.0', 15],
  ] as const),
];
const privateIpv6: readonly Range[] = [
  ['::1', 128],
  ['fc00::', 7],
  ['fec0::', 10],
];

const never = blockList(neverIpv4, neverIpv6);
const nearby = blockList(privateIpv4, privateIpv6);

function blockList(ipv4: readonly Range[], ipv6: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of ipv4) {
    list.addSubnet(address, prefix, 'ipv4'); // Its mapped form, ::ffff:0:0/96, is included.
    const groups = hexGroups(address);
    // IPv4-compatible [RFC 4291 2.5.5.1]; that of 0.0.0.0/8 has ::1 in it, which is loopback.
    if (address !== '0.0.0.0') list.addSubnet(`::${groups}`, 96 + prefix, 'ipv6');
    list.addSubnet(`::ffff:0:${groups}`, 96 + prefix, 'ipv6'); // IPv4-translated [RFC 2765]
    list.addSubnet(`64:ff9b::${groups}`, 96 + prefix, 'ipv6'); // NAT64 [RFC 6052]
    list.addSubnet(`2002:${groups}::`, 16 + prefix, 'ipv6'); // 6to4 [RFC 3056]
  }
  for (const [address, prefix] of ipv6) list.addSubnet(address, prefix, 'ipv6');
  return list;
}

/** `169.254.0.0` -> `a9fe:0000` */
function hexGroups(ipv4: string): string {
  const hex = ipv4.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return `${hex.slice(0, 2).join('')}:${hex.slice(2).join('')}`;
}

/** @returns never: refused unless allowed by name or range; private: refused as well where others can reach the broker */
export function reachOf(address: string): 'never' | 'private' | 'public' {
  if (isInList(never, address)) return 'never';
  return isInList(nearby, address) ? 'private' : 'public';
}

export function isInList(list: BlockList, address: string): boolean {
  const bare = address.split('%', 1)[0] ?? ''; // A zone, as in fe80::1%eth0, says on which wire.
  const version = isIP(bare);
  return version !== 0 && list.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}

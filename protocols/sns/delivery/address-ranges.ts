/**
 * Where nobody outside sends the broker to. An IPv4 address has many faces in IPv6 (mapped, compatible, translated, 6to4,
 * ISATAP), and behind each of them is the same machine: every range is listed with all of them, but for ISATAP, which is
 * found by its looks.
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
  ...([
    ['192.0.2.0', 24],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
  ] as const), // Documentation [RFC 5737].
  ['192.88.99.0', 24], // Relays of 6to4, which are no more [RFC 7526].
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
  // NAT64 of a network's own, where the IPv4 address may stand in several places [RFC 8215].
  ['64:ff9b:1::', 48],
  // Of IETF protocols: Teredo, whose IPv4 address is its client's and hidden, benchmarks, ORCHID [RFC 2928, 4380].
  ['2001::', 23],
  ...([
    ['2001:db8::', 32],
    ['3fff::', 20],
  ] as const), // Documentation [RFC 3849, 9637].
  // What nobody has: all but 2000::/3 and the local addresses, which stand elsewhere here [RFC 4291 2.4].
  ...([
    ['100::', 8],
    ['200::', 7],
    ['400::', 6],
    ['800::', 5],
    ['1000::', 4],
    ['4000::', 2],
    ['8000::', 2],
    ['c000::', 3],
    ['e000::', 4],
    ['f000::', 5],
    ['f800::', 6],
    ['fe00::', 9],
  ] as const),
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
  const embedded = isatapIpv4(address);
  if (isInList(never, address) || isInList(never, embedded)) return 'never';
  return isInList(nearby, address) || isInList(nearby, embedded) ? 'private' : 'public';
}

export function isInList(list: BlockList, address: string): boolean {
  const bare = bareOf(address);
  const version = isIP(bare);
  return version !== 0 && list.check(bare, version === 4 ? 'ipv4' : 'ipv6');
}

/** A zone, as in fe80::1%eth0, says on which wire. */
function bareOf(address: string): string {
  return address.split('%', 1)[0] ?? '';
}

/** The tunnel to an IPv4 address that any prefix may have, `<prefix>:0:5efe:a.b.c.d` [RFC 5214 6.1]; `''`: it is none. */
function isatapIpv4(address: string): string {
  const bare = bareOf(address);
  if (isIP(bare) !== 6) return '';
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::'); // In hexadecimal throughout.
  const before = groupsIn(head);
  const after = groupsIn(tail ?? '');
  const groups = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  const [, , , , flags = 0, marker, high = 0, low = 0] = groups;
  // Its universal and group bits may be set.
  if ((flags & ~0x0300) !== 0 || marker !== 0x5efe) return '';
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function groupsIn(hex: string): readonly number[] {
  return hex === '' ? [] : hex.split(':').map((group) => Number.parseInt(group, 16));
}

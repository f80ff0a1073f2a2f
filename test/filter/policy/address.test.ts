import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../../src/filter/policy/address.ts';

const text = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.stringMatching(/^[0-9a-f:.]{0,24}$/),
  fc
    .array(fc.constantFrom('0', '1', 'ffff', '::', ':', '.', '1.2.3.4', '256', '01', 'g', '%eth0'), { maxLength: 9 })
    .map((parts) => parts.join('')),
);

test('what Node takes for an address is one, and nothing else is', () => {
  fc.assert(
    fc.property(text, (address) => {
      // A zone says which network card, not which network.
      const isAddress = isIP(address) !== 0 && !address.includes('%');

      expect(parseAddress(address) !== undefined).toBe(isAddress);
    }),
    { numRuns: 3_000 },
  );
});

test('addresses are in the networks that Node puts them in', () => {
  const family = fc.constantFrom('ipv4' as const, 'ipv6' as const);
  const pair = family.chain((type) => {
    const address = type === 'ipv4' ? fc.ipV4() : fc.ipV6();
    return fc.tuple(fc.constant(type), address, address, fc.integer({ min: 1, max: type === 'ipv4' ? 31 : 127 }));
  });

  fc.assert(
    fc.property(pair, ([type, network, address, bits]) => {
      const list = new BlockList();
      list.addSubnet(network, bits, type);
      const [base = '', parsed = ''] = [parseAddress(network), parseAddress(address)];

      expect(base.slice(1)).toMatch(type === 'ipv4' ? /^[01]{32}$/ : /^[01]{128}$|^[01]{32}$/);
      // An IPv4 address inside IPv6 is IPv4 to us, and no longer in networks of IPv6.
      if (base[0] === parsed[0] && base[0] === (type === 'ipv4' ? '4' : '6')) {
        expect(parsed.startsWith(base.slice(0, 1 + bits))).toBe(list.check(address, type));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('one address has many spellings', () => {
  const spellings = ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8:0:0::0:1', '2001:db8::0.0.0.1'];

  for (const spelling of spellings) expect(parseAddress(spelling)).toEqual(parseAddress('2001:db8::1'));
  expect(parseAddress('::ffff:10.0.0.1')).toBe('400001010000000000000000000000001');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QueueIndex } from '../../src/core/queue-index.ts';
import type { KnownQueue } from '../../src/core/queue-record.ts';
import type { QueueAddress, QueueId } from '../../src/model/queue.ts';
import { plainAttributes } from './world.ts';

function known(id: number, address: QueueAddress, deadLetter?: QueueAddress): KnownQueue {
  const redrive = deadLetter === undefined ? undefined : { deadLetter, deliveryCountMax: 1 };
  return {
    ...{
      id: id as QueueId,
      address,
      kind: 'standard',
      attributes: { ...plainAttributes, redrive },
      extras: {},
      tags: {},
    },
    ...{
      createdAt: 0,
      modifiedAt: 0,
      version: 1,
      dedupScopeAtCreation: 'queue',
      deadLetterId: undefined,
      leasedMax: undefined,
    },
  };
}

const addresses = fc.record({
  account: fc.constantFrom('1', '2'),
  region: fc.constantFrom('r', 's'),
  name: fc.constantFrom('a', 'a-1', 'a-10', 'a-2', 'B', 'b', 'ä'),
});
const steps = fc.oneof(
  fc.record({
    do: fc.constant('set' as const),
    address: addresses,
    deadLetter: fc.option(addresses, { nil: undefined }),
  }),
  fc.record({ do: fc.constant('remove' as const), address: addresses }),
  fc.record({
    do: fc.constant('list' as const),
    address: addresses,
    prefix: fc.constantFrom('', 'a', 'a-', 'b', 'z'),
    after: fc.option(fc.constantFrom('', 'a', 'a-1', 'a-15', 'z'), { nil: undefined }),
    max: fc.integer({ min: 0, max: 4 }),
  }),
);

test('the index answers as a plain list of queues would', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), (walk) => {
      const index = new QueueIndex();
      let plain: KnownQueue[] = [];
      let idNext = 1;
      const at = (address: QueueAddress) => plain.find((queue) => isSame(queue.address, address));

      for (const step of walk) {
        const { address } = step;
        if (step.do === 'set') {
          const queue = known(idNext++, address, step.deadLetter);
          const before = at(address);
          plain = [...plain.filter((other) => other !== before), queue];
          expect(index.set(queue)).toBe(before);
        } else if (step.do === 'remove') {
          const before = at(address);
          plain = plain.filter((other) => other !== before);
          expect(index.remove(address)).toBe(before);
        } else {
          const { prefix, after, max } = step;
          const expected = plain
            .filter((queue) => queue.address.account === address.account && queue.address.region === address.region)
            .filter(({ address: { name } }) => name.startsWith(prefix) && (after === undefined || name > after))
            .toSorted((a, b) => (a.address.name < b.address.name ? -1 : 1))
            .slice(0, max);
          expect(index.list(address, prefix, after, max)).toEqual(expected);
        }
        expect(index.find(address)).toBe(at(address));
        const sources = plain.filter(({ attributes: { redrive } }) => redrive && isSame(redrive.deadLetter, address));
        expect(new Set(index.sourcesOf(address))).toEqual(new Set(sources));
      }
      expect(new Set(index.all())).toEqual(new Set(plain));
      for (const queue of plain) expect(index.findById(queue.id)).toBe(queue);
    }),
  );
});

function isSame(one: QueueAddress, other: QueueAddress): boolean {
  return one.account === other.account && one.region === other.region && one.name === other.name;
}

import { expect, test } from 'vitest';
import { deliveryLimits } from '../../../../protocols/sns/delivery/limits.ts';
import type { OutboxEntry } from '../../../../protocols/sns/delivery/outbox.ts';
import { createOutboxStorage } from '../../../../protocols/sns/delivery/outbox-storage.ts';
import { createWorld } from '../../../core/world.ts';

const home = { account: '000000000000', region: 'us-east-1', sentAt: 1 };
const sms: OutboxEntry = { ...home, kind: 'sms', messageId: 'm1', phoneNumber: '+1555', message: 'hello' };
const mail: OutboxEntry = { ...home, kind: 'mail', messageId: 'm2', mail: { to: 'a@b.test', subject: 's', text: 't' } };

test('each kind is kept by itself, and comes back as it was', async () => {
  const { broker, another } = await createWorld();
  const storage = createOutboxStorage(broker);
  for (const entry of [sms, mail]) await storage.append(entry);

  const next = createOutboxStorage(await another());
  expect(await next.list({ kind: 'sms' })).toEqual([sms]);
  expect(await next.list({ kind: 'mail', receiver: 'a@b.test' })).toEqual([mail]);
  expect(await next.list({ kind: 'push' })).toEqual([]);
});

test('what is selected is taken out, or all of a kind', async () => {
  const { broker } = await createWorld();
  const storage = createOutboxStorage(broker);
  for (const phoneNumber of ['+1555', '+1556', '+1555']) await storage.append({ ...sms, phoneNumber });

  await storage.remove({ kind: 'sms', receiver: '+1555' });
  expect(await storage.list({ kind: 'sms' })).toEqual([{ ...sms, phoneNumber: '+1556' }]);
  await storage.remove({ kind: 'sms' });
  expect(await storage.list({ kind: 'sms' })).toEqual([]);
});

test('a look shows the latest that have room in an answer', async () => {
  const { broker } = await createWorld();
  const storage = createOutboxStorage(broker);
  const fits = deliveryLimits.outboxListBytesMax / 1_048_576 - 1;
  for (let at = 0; at < fits + 2; at++)
    await storage.append({ ...sms, messageId: `m${at}`, message: 'x'.repeat(1_048_576) });

  const found = await storage.list({ kind: 'sms' });

  expect(found.map(({ messageId }) => messageId)).toEqual(Array.from({ length: fits }, (_, at) => `m${at + 2}`));
});

test.each(['{}', '[]', '"sms"', '{"kind":"fax"}', '{"kind":"toString"}', JSON.stringify({ ...sms, message: 1 })])(
  'an entry %s is of a later version, and is said to be',
  async (text) => {
    const { broker } = await createWorld();
    await broker.outbox.append('sms', Buffer.from(text));

    await expect(createOutboxStorage(broker).list({ kind: 'sms' })).rejects.toMatchObject({ code: 'internal' });
  },
);

import { describe, expect, onTestFinished, test } from 'vitest';
import { createDelivery, type Delivery, type DeliveryOptions } from '../../../../protocols/sns/delivery/index.ts';
import type { OutboundMessage, OutboxEntry } from '../../../../protocols/sns/delivery/outbox.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { answering } from './endpoints.ts';
import { startMailServer } from './mail-server.ts';

const from = { account: '000000000000', region: 'us-east-1', messageId: 'm' };
const sms: OutboundMessage = { ...from, kind: 'sms', phoneNumber: '+1', message: 'x' };
const mail: OutboundMessage = { ...from, kind: 'mail', mail: { to: 'a@b.example', subject: 's', text: 't' } };

function setup(options: Partial<DeliveryOptions> = {}): { delivery: Delivery; outbox: OutboxEntry[] } {
  const outbox: OutboxEntry[] = [];
  const delivery = createDelivery({
    clock: createFakeClock(),
    outbox: {
      append: async (entry) => void outbox.push(entry),
      list: async () => outbox,
      remove: async () => void outbox.splice(0),
    },
    isOpen: false,
    snsEndpointsAllow: [],
    snsProxy: undefined,
    smtpUrl: undefined,
    smtpFrom: 'Gantry <no-reply@localhost>',
    environment: {},
    authorities: undefined,
    ...options,
  });
  onTestFinished(() => delivery.stop());
  return { delivery, outbox };
}

describe('a delivery', () => {
  test('posts to endpoints', async () => {
    const endpoint = await answering(200);

    expect(await setup().delivery.post({ url: endpoint.url, headers: {}, body: '' })).toMatchObject({
      type: 'delivered',
    });
  });

  test('keeps the endpoints that are closed to it where others reach the broker, but for those that are allowed', async () => {
    const endpoint = await answering(200);
    const post = { url: endpoint.url, headers: {}, body: '' };

    expect(await setup({ isOpen: true }).delivery.post(post)).toMatchObject({ type: 'failed' });
    expect(await setup({ isOpen: true, snsEndpointsAllow: ['127.0.0.0/8'] }).delivery.post(post)).toMatchObject({
      type: 'delivered',
    });
  });

  test('puts SMS, and mails without a mail server, into the outbox', async () => {
    const { delivery, outbox } = setup();

    expect(await delivery.send(sms)).toEqual({ type: 'delivered' });
    expect(await delivery.send(mail)).toEqual({ type: 'delivered' });
    expect(outbox.map(({ kind }) => kind)).toEqual(['sms', 'mail']);
  });

  test('sends mails by the mail server where there is one', async () => {
    const server = await startMailServer();
    const { delivery, outbox } = setup({ smtpUrl: `smtp://127.0.0.1:${server.port}` });

    expect(await delivery.send(mail)).toMatchObject({ type: 'delivered' });
    expect(await delivery.send(sms)).toEqual({ type: 'delivered' });
    expect(server.received).toMatchObject([{ from: 'no-reply@localhost', to: ['a@b.example'] }]);
    expect(outbox.map(({ kind }) => kind)).toEqual(['sms']);
  });

  test('stops before it was used, and twice', async () => {
    const { delivery } = setup();

    await expect(delivery.stop()).resolves.toBeUndefined();
    await expect(delivery.stop()).resolves.toBeUndefined();
  });
});

import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { appended, bytesOf, posOf, texts } from './world.ts';

export function describeAppend(setup: Setup): void {
  it('an appended message is received with its id, head, body and note, byte for byte', async () => {
    const { store, createQueue, commitOk, receiveOne } = await setup();
    const queue = await createQueue();
    const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
    const message = { id: everyByte.slice(0, 16), head: everyByte, body: everyByte.toReversed(), priority: 4 };

    await commitOk({ do: 'append', message, to: [{ queue, note: bytesOf('qos 1') }] });

    const delivery = await receiveOne(queue);
    expect({
      id: [...delivery.id],
      head: [...delivery.head],
      body: delivery.body instanceof Uint8Array && [...delivery.body],
      note: [...(delivery.note ?? [])],
    }).toEqual({
      id: [...message.id],
      head: [...message.head],
      body: [...message.body],
      note: [...bytesOf('qos 1')],
    });
    expect(delivery.queue).toBe(queue);
    expect(delivery.appendedAt).toBe(store.clock.now());
  });

  it('a message without a note is received without one', async () => {
    const { createQueue, append, receiveOne } = await setup();
    const queue = await createQueue();

    await append(queue, 'a');

    expect((await receiveOne(queue)).note).toBeUndefined();
  });

  for (const bytes of [0, 1, 262_144, 1_048_576]) {
    it(`a body of ${bytes} bytes comes back whole`, async () => {
      const { createQueue, commitOk, message, receiveOne } = await setup();
      const queue = await createQueue();
      const body = Uint8Array.from({ length: bytes }, (_, index) => index % 251);

      await commitOk({ do: 'append', message: { ...message(''), body }, to: [{ queue }] });

      const received = (await receiveOne(queue)).body;
      expect(received instanceof Uint8Array && Buffer.compare(received, body)).toBe(0);
    });
  }

  it('one append reaches every target, each with a position and a note of its own', async () => {
    const { createQueue, commitOk, message, receiveOne } = await setup();
    const first = await createQueue();
    const second = await createQueue();

    const [result] = await commitOk({
      do: 'append',
      message: message('a'),
      to: [{ queue: first, note: bytesOf('1') }, { queue: second }],
    });

    const [inFirst, inSecond] = [await receiveOne(first), await receiveOne(second)];
    expect(result?.did === 'append' && result.targets).toEqual([{ pos: inFirst.pos }, { pos: inSecond.pos }]);
    expect(texts([inFirst, inSecond])).toEqual(['a', 'a']);
    expect([inFirst.note?.length, inSecond.note]).toEqual([1, undefined]);
  });

  it('an ack in one queue leaves the same message in the other', async () => {
    const { createQueue, commitOk, message, receiveOne, receive, ack } = await setup();
    const first = await createQueue();
    const second = await createQueue();
    await commitOk({ do: 'append', message: message('a'), to: [{ queue: first }, { queue: second }] });

    await ack(await receiveOne(first));

    expect(texts(await receive(second))).toEqual(['a']);
  });

  it('an append without a target stores nothing and succeeds', async () => {
    const { commit, message } = await setup();

    const result = await commit({ do: 'append', message: message('a'), to: [] });

    expect(result.ok && result.changes[0]?.did === 'append' && result.changes[0].targets).toEqual([]);
  });

  it('the appends of one batch keep their order', async () => {
    const { createQueue, commitOk, message, receive } = await setup();
    const queue = await createQueue();
    const names = ['a', 'b', 'c', 'd'];

    await commitOk(...names.map((name) => ({ do: 'append', message: message(name), to: [{ queue }] }) as const));

    expect(texts(await receive(queue))).toEqual(names);
  });

  it('the batches of one turn keep their order', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue();
    const names = Array.from({ length: 100 }, (_, index) => `m${index}`);

    await appendAll(queue, names);

    expect(texts(await receive(queue, { max: 100 }))).toEqual(names);
  });

  it('positions rise, and none is used twice: not after an ack, a purge or a restart', async () => {
    const { createQueue, append, receiveOne, ack, commitOk, reopen } = await setup();
    const queue = await createQueue();
    const positions: number[] = [];

    positions.push(posOf(await append(queue, 'a')));
    await ack(await receiveOne(queue));
    positions.push(posOf(await append(queue, 'b')));
    await commitOk({ do: 'purge-queue', queue });
    positions.push(posOf(await append(queue, 'c')));
    await reopen();
    positions.push(posOf(await append(queue, 'd')));

    expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
    expect(positions).toHaveLength(4);
  });

  it('an append to a queue that is gone is answered as dropped, and the other targets get theirs', async () => {
    const { createQueue, commitOk, message, receive } = await setup();
    const gone = await createQueue();
    const there = await createQueue();
    await commitOk({ do: 'drop-queue', queue: gone });

    const [result] = await commitOk({
      do: 'append',
      message: message('a'),
      to: [{ queue: gone }, { queue: there }],
    });

    expect(appended(result)).toEqual({ dropped: true });
    expect(texts(await receive(there))).toEqual(['a']);
  });

  it('what was appended with durability memory can be received at once', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue();

    await append(queue, 'a', { durability: 'memory' });

    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a receive asked in the turn of an append sees it', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue();

    const [, deliveries] = await Promise.all([append(queue, 'a'), receive(queue)]);

    expect(texts(deliveries)).toEqual(['a']);
  });

  it.skip('a body above 1 MiB is staged in chunks and appended by its name: staged bodies come later', () => {});

  it('asked to stage a body, the store says that it cannot', async () => {
    const { store } = await setup();

    await expect(store.stageBody()).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('asked to keep a message for a topic, the store says that it cannot', async () => {
    const { store, commit, message } = await setup();

    const result = await commit({ do: 'retain', topic: 'weather', message: message('rain') });

    expect(result).toMatchObject({ ok: false, error: { code: 'unsupported' } });
    await expect(store.retained(['weather'])).rejects.toMatchObject({ code: 'unsupported' });
    await expect(store.retainedTopics(undefined, 10)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it.skip('a retained message is given by its topic until it is forgotten: retained messages come later', () => {});
}

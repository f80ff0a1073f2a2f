import { expect, it } from 'vitest';
import type { Lacks } from './harness.ts';
import type { Setup } from './world.ts';
import { bytesOf, texts } from './world.ts';

async function textsOf(store: Awaited<ReturnType<Setup>>['store'], queue: Parameters<typeof store.browse>[0]['queue']) {
  const page = await store.browse({ queue, states: ['waiting'], entriesMax: 1000, scannedMax: 1000 });
  return texts(page.entries);
}

export function describeBackup(setup: Setup, lacks: Lacks): void {
  if (lacks.backup !== undefined) {
    it.skip(`a backup is a consistent copy that opens: ${lacks.backup}`, () => {});

    it('asked for a backup, the store says that it cannot', async () => {
      const { store, harness } = await setup();

      await expect(store.backup(harness.backupPath)).rejects.toMatchObject({ code: 'unsupported' });
    });
    return;
  }

  it('a backup opens with all that was answered before it, and the store goes on', async () => {
    const { store, harness, createQueue, append, commitOk, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'before');
    await commitOk({ do: 'put', key: ['k'], value: bytesOf('v') });

    await store.backup(harness.backupPath);
    await append(queue, 'after');

    const copy = await harness.openBackup();
    expect(await textsOf(copy, queue)).toEqual(['before']);
    expect(await copy.records([])).toMatchObject([{ key: ['k'], version: 1 }]);
    expect(texts(await receive(queue))).toEqual(['before', 'after']);
  });

  it('a backup taken while commits go on holds each batch whole or not at all', async () => {
    const { store, harness, createQueue, commitOk, message } = await setup();
    const [first, second] = [await createQueue(), await createQueue()];
    const commitOne = (index: number) =>
      commitOk({ do: 'append', message: message(`m${index}`), to: [{ queue: first }, { queue: second }] });
    for (let index = 0; index < 50; index++) await commitOne(index);

    const backup = store.backup(harness.backupPath);
    for (let index = 50; index < 100; index++) await commitOne(index);
    await backup;

    const copy = await harness.openBackup();
    const inFirst = await textsOf(copy, first);
    expect(inFirst.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, index) => `m${index}`));
    expect(await textsOf(copy, second)).toEqual(inFirst);
  });

  it('a backup refuses a name that is taken and leaves what stands there', async () => {
    const { store, harness } = await setup();
    await store.backup(harness.backupPath);

    await expect(store.backup(harness.backupPath)).rejects.toMatchObject({ code: 'already-exists' });

    expect(await (await harness.openBackup()).records([])).toEqual([]);
  });

  it('two backups at once to one name: one is made, the other refused', async () => {
    const { store, harness, createQueue, append } = await setup();
    const queue = await createQueue();
    await append(queue, 'm');

    const settled = await Promise.allSettled([store.backup(harness.backupPath), store.backup(harness.backupPath)]);

    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await textsOf(await harness.openBackup(), queue)).toEqual(['m']);
  });

  it('a backup that is called off fails, and its name stays free', async () => {
    const { store, harness } = await setup();

    await expect(store.backup(harness.backupPath, AbortSignal.abort())).rejects.toMatchObject({ code: 'unavailable' });

    await store.backup(harness.backupPath);
    expect(await (await harness.openBackup()).records([])).toEqual([]);
  });
}

import { expect, it } from 'vitest';
import type { RecordKey } from '../store.ts';
import type { Setup, World } from './world.ts';
import { bytesOf } from './world.ts';

const put = (key: RecordKey, text = 'x') => ({ do: 'put', key, value: bytesOf(text) }) as const;

async function keysUnder(world: World, ...query: Parameters<World['store']['records']>): Promise<RecordKey[]> {
  return (await world.store.records(...query)).map(({ key }) => key);
}

export function describeRecords(setup: Setup): void {
  it('a record is read as it was put, with its version', async () => {
    const { store, commitOk } = await setup();

    await commitOk(put(['queue', 'orders'], 'settings'));

    const [record] = await store.records(['queue']);
    expect(record?.key).toEqual(['queue', 'orders']);
    expect(Buffer.from(record?.value ?? []).toString()).toBe('settings');
    expect(record?.version).toBe(1);
  });

  it('each put raises the version, and the latest value is read', async () => {
    const { store, commitOk } = await setup();

    const results = await commitOk(put(['k'], 'a'), put(['k'], 'b'), put(['k'], 'c'));

    expect(results).toEqual([1, 2, 3].map((version) => ({ did: 'put', version })));
    const records = await store.records(['k']);
    expect(records.map(({ value }) => Buffer.from(value).toString())).toEqual(['c']);
  });

  it('a put with a version happens when it is that of the record', async () => {
    const { commit, commitOk } = await setup();
    await commitOk(put(['k']), put(['k']));

    expect(await commit({ ...put(['k']), ifVersion: 1 })).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(await commit({ ...put(['k']), ifVersion: 2 })).toMatchObject({ ok: true });
  });

  it('a put with version 0 happens when there is no record', async () => {
    const { commit } = await setup();

    expect(await commit({ ...put(['k']), ifVersion: 0 })).toMatchObject({ ok: true });
    expect(await commit({ ...put(['k']), ifVersion: 0 })).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(await commit({ ...put(['other']), ifVersion: 1 })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    });
  });

  it('a forgotten record is gone, and forgetting it again does nothing', async () => {
    const world = await setup();
    await world.commitOk(put(['a']), put(['b']));

    await world.commitOk({ do: 'forget', key: ['a'] }, { do: 'forget', key: ['a'] });

    expect(await keysUnder(world, [])).toEqual([['b']]);
    expect(await world.commit({ ...put(['a']), ifVersion: 0 })).toMatchObject({ ok: true });
  });

  it('a forget with another version than that of the record is refused', async () => {
    const world = await setup();
    await world.commitOk(put(['k']));
    const forget = { do: 'forget', key: ['k'] } as const;

    expect(await world.commit({ ...forget, ifVersion: 2 })).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(await world.commit({ ...forget, ifVersion: 1 })).toMatchObject({ ok: true });
    expect(await keysUnder(world, [])).toEqual([]);
  });

  it('records come in key order: texts by letter, numbers by value, a key before those that it begins', async () => {
    const world = await setup();
    const keys: RecordKey[] = [
      ['a'],
      ['a', 1],
      ['a', 2],
      ['a', 10],
      ['a', 10, 'x'],
      ['a', 1_000_000],
      ['ab'],
      ['b', 'a', 'c'],
      ['b', 'a b'],
      ['b', 'ab'],
      ['b', 'b'],
    ];

    await world.commitOk(...keys.toReversed().map((key) => put(key)));

    expect(await keysUnder(world, [])).toEqual(keys);
  });

  it('a prefix is met part by part: no longer text, no other number', async () => {
    const world = await setup();
    await world.commitOk(...[['q', 'a'], ['q', 'ab'], ['q', 'a', 1], ['qq', 'a'], ['q']].map((key) => put(key)));

    expect(await keysUnder(world, ['q', 'a'])).toEqual([
      ['q', 'a'],
      ['q', 'a', 1],
    ]);
    expect(await keysUnder(world, ['q'])).toEqual([['q'], ['q', 'a'], ['q', 'a', 1], ['q', 'ab']]);
    expect(await keysUnder(world, ['none'])).toEqual([]);
  });

  it('parts may hold any character, and a text is never taken for a number', async () => {
    const world = await setup();
    const parts = ['', '/', '\0', '\0\0', '\u0001', '\uffff', '1', 'é', '😀', 'a\0b'];

    await world.commitOk(...parts.map((part) => put(['k', part, 'end'])), put(['k', 1, 'end']));

    const keys = await keysUnder(world, ['k']);
    expect(new Set(keys.map(([, part]) => part))).toEqual(new Set([...parts, 1]));
    for (const part of parts) expect(await keysUnder(world, ['k', part])).toEqual([['k', part, 'end']]);
    expect(await keysUnder(world, ['k', 1])).toEqual([['k', 1, 'end']]);
  });

  it('records can be read page by page', async () => {
    const world = await setup();
    await world.commitOk(...['a', 'b', 'c', 'd'].map((name) => put(['k', name])), put(['l']));

    expect(await keysUnder(world, ['k'], undefined, 2)).toEqual([
      ['k', 'a'],
      ['k', 'b'],
    ]);
    expect(await keysUnder(world, ['k'], ['k', 'b'], 2)).toEqual([
      ['k', 'c'],
      ['k', 'd'],
    ]);
    expect(await keysUnder(world, ['k'], ['k', 'd'], 2)).toEqual([]);
  });

  it('reading may go on after a key that is no longer there', async () => {
    const world = await setup();
    await world.commitOk(...['a', 'b', 'c'].map((name) => put(['k', name])), { do: 'forget', key: ['k', 'b'] });

    expect(await keysUnder(world, ['k'], ['k', 'b'])).toEqual([['k', 'c']]);
  });

  it('whoever listens to a prefix hears of its changes after their commit', async () => {
    const { store, commitOk } = await setup();
    const heard: RecordKey[] = [];
    const done = new Promise<void>((resolve) => {
      store.onRecords(['queue'], (keys) => {
        if (keys === 'all') return;
        heard.push(...keys);
        if (keys.some(([, name]) => name === 'last')) resolve();
      });
    });

    await commitOk(put(['queue', 'a']), put(['other', 'b']));
    await commitOk({ do: 'forget', key: ['queue', 'a'] });
    await commitOk(put(['queue', 'last']));
    await done;

    expect(heard).toEqual([
      ['queue', 'a'],
      ['queue', 'a'],
      ['queue', 'last'],
    ]);
  });

  it('nobody hears of a change that was refused', async () => {
    const { store, commit, commitOk } = await setup();
    const heard: RecordKey[] = [];
    const done = new Promise<void>((resolve) => {
      store.onRecords([], (keys) => {
        if (keys === 'all') return;
        heard.push(...keys);
        if (keys.some(([name]) => name === 'last')) resolve();
      });
    });

    await commit(put(['refused']), { ...put(['k']), ifVersion: 7 });
    await commitOk(put(['last']));
    await done;

    expect(heard).toEqual([['last']]);
  });

  it('a record made again has a version that it never had, after a restart too: who knows the former one is refused', async () => {
    const world = await setup();
    await world.commitOk(put(['k']), put(['k']), put(['k']), put(['other']));
    await world.commitOk({ do: 'forget', key: ['k'] });
    await world.reopen();

    const [again] = await world.commitOk(put(['k']));
    const late = await world.commit({ ...put(['k']), ifVersion: 1 });

    expect(again?.did === 'put' && again.version).toBeGreaterThan(3);
    expect(late).toMatchObject({ ok: false, error: { code: 'conflict' } });
  });

  it('forgotten and made again in one batch, a record is guarded by its new version', async () => {
    const world = await setup();
    await world.commitOk(put(['k']), put(['k']));

    const forget = { do: 'forget', key: ['k'], ifVersion: 2 } as const;
    const again = { ...put(['k']), ifVersion: 0 };
    const refused = await world.commit(forget, again, { ...put(['k']), ifVersion: 1 });
    const results = await world.commitOk(forget, again);

    expect(refused).toMatchObject({ ok: false, error: { code: 'conflict' } });
    expect(results[1]?.did === 'put' && results[1].version).toBeGreaterThan(2);
  });

  it('records outlive a crash', async () => {
    const world = await setup();
    await world.commitOk(put(['k'], 'a'), put(['k'], 'b'));
    await world.crash();

    expect(await world.store.records([])).toMatchObject([{ key: ['k'], version: 2 }]);
  });
}

import { expect, it } from 'vitest';
import { applyReplayPolicy, readReplayPolicy, replayStatusOf } from '../../../protocols/sns/replay-policy.ts';
import { createTopicsWorld, topicMessage } from '../../core/topics/world.ts';
import { alice, quiet } from '../../core/world.ts';

const policy = (more: object = {}) =>
  JSON.stringify({ PointType: 'Timestamp', StartingPoint: '2026-01-01T00:00:00.000Z', ...more });

it.each<[string, object | undefined]>([
  ['', undefined],
  ['{}', undefined],
  [policy(), { from: Date.UTC(2026, 0, 1), to: undefined }],
  [policy({ StartingPoint: '2026-01-01T00:00:00' }), { from: Date.UTC(2026, 0, 1), to: undefined }],
  [policy({ StartingPoint: '2026-01-01T01:30:00+01:30' }), { from: Date.UTC(2026, 0, 1), to: undefined }],
  [
    policy({ EndingPoint: '2026-01-01T00:00:00.001Z' }),
    { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 1, 0, 0, 0, 1) },
  ],
])('%j is understood', (text, span) => {
  expect(readReplayPolicy(text)).toEqual(span);
});

it.each<[string, string]>([
  ['{', 'failed to parse JSON.'],
  ['[]', 'failed to parse JSON.'],
  ['null', 'failed to parse JSON.'],
  [policy({ PointType: 'Position' }), 'PointType must be Timestamp'],
  ['{"PointType":"Timestamp"}', 'StartingPoint is required'],
  [policy({ StartingPoint: 'yesterday' }), 'StartingPoint is not a timestamp of ISO 8601'],
  [policy({ StartingPoint: 1 }), 'StartingPoint is not a timestamp of ISO 8601'],
  [policy({ StartingPoint: '2026-13-01T00:00:00Z' }), 'StartingPoint is not a timestamp of ISO 8601'],
  [policy({ EndingPoint: '2026-01-01T00:00:00.000Z' }), 'EndingPoint must be later than StartingPoint'],
  [policy({ Speed: 1 }), 'Unknown attribute [Speed]'],
  [' '.repeat(1_025), 'the policy is too long'],
])('%j is refused', (text, what) => {
  expect(() => readReplayPolicy(text)).toThrowError(
    expect.objectContaining({ code: 'invalid-argument', message: `ReplayPolicy: ${what}` }),
  );
});

it('a policy begins a replay, again only when it is set anew, and none ends it', async () => {
  const world = await createTopicsWorld({ replaysMax: 1 });
  const topic = await world.topic('t.fifo', { archiveMs: 86_400_000 });
  const queue = await world.queue('q.fifo');
  const bare = await world.subscribe(await world.topic('bare.fifo'), 'q.fifo');
  await world.publish(topic, topicMessage('m', { groupId: 'g', dedupId: 'd' }));
  const { address } = await world.subscribe(topic, 'q.fifo');
  const { broker } = world;

  await applyReplayPolicy(broker, alice, address, policy());
  expect(replayStatusOf(broker, address)).toBe('Pending');
  await quiet(40);
  expect(replayStatusOf(broker, address)).toBe('Completed');
  await applyReplayPolicy(broker, alice, address, policy(), 'only if there is none');
  await quiet(40);
  expect(await world.drained(queue)).toHaveLength(1);
  await applyReplayPolicy(broker, alice, address, policy());
  const other = await world.subscribe(topic, 'q.fifo');
  await expect(applyReplayPolicy(broker, alice, other.address, policy())).rejects.toMatchObject({
    code: 'ReplayLimitExceeded',
    status: 403,
  });
  await quiet(40);
  expect(await world.drained(queue)).toHaveLength(1);
  await applyReplayPolicy(broker, alice, address, '{}');
  expect(replayStatusOf(broker, address)).toBeUndefined();
  await expect(applyReplayPolicy(broker, alice, bare.address, policy())).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'ReplayPolicy: the topic has no ArchivePolicy',
  });
  await world.stop();
});

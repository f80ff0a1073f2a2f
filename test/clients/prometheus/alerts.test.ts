import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { root } from '../../docs/pages.ts';
import { temporaryFolder } from '../../support/launch.ts';
import { alertsFile, readAlerts } from './expressions.ts';
import { named, promtool, whySkipped } from './programs.ts';

/** Series by selector, a value a minute (`0+60x10`: 0, 60, ... 600), as promtool reads them. */
type Series = Readonly<Record<string, string>>;
interface Case {
  /** When it must fire. */
  readonly at: string;
  readonly fires: Series;
  /** What must not make it fire at that time: just under the threshold, not for long enough, or not meant by it. */
  readonly quiet: readonly Series[];
}

const broker = 'job="gantry",instance="a:4566"';
const queue = (name: string): string => `{${broker},account="000000000000",region="us-east-1",queue="${name}"}`;

const cases: Readonly<Record<string, Case>> = {
  GantryDown: {
    at: '3m',
    fires: { [`up{${broker}}`]: '0+0x10' },
    quiet: [{ [`up{${broker}}`]: '1 1 1 0' }, { 'up{job="node",instance="a:9100"}': '0+0x10' }],
  },
  GantryNotReady: {
    at: '3m',
    fires: { [`gantry_ready{${broker}}`]: '0+0x10' },
    quiet: [{ [`gantry_ready{${broker}}`]: '0 0 1 0' }],
  },
  GantryStoreFull: {
    at: '3m',
    fires: { [`gantry_store_full{${broker}}`]: '0 0 0 1' },
    quiet: [{ [`gantry_store_full{${broker}}`]: '1 1 1 0' }],
  },
  GantryDiskLow: {
    at: '6m',
    fires: { [`gantry_disk_free_bytes{${broker}}`]: '9+0x10', [`gantry_disk_size_bytes{${broker}}`]: '100+0x10' },
    quiet: [
      { [`gantry_disk_free_bytes{${broker}}`]: '10+0x10', [`gantry_disk_size_bytes{${broker}}`]: '100+0x10' },
      { [`gantry_disk_free_bytes{${broker}}`]: '9 9 9 11 9 9 9', [`gantry_disk_size_bytes{${broker}}`]: '100+0x10' },
    ],
  },
  GantryQueueDeep: {
    at: '11m',
    fires: { [`gantry_queue_waiting${queue('orders')}`]: '100001+0x20' },
    quiet: [
      { [`gantry_queue_waiting${queue('orders')}`]: '100000+0x20' },
      { [`gantry_queue_waiting${queue('orders')}`]: '0 0 100001+0x20' },
    ],
  },
  GantryQueueOld: {
    at: '6m',
    fires: { [`gantry_queue_oldest_age_seconds${queue('orders')}`]: '3601+60x20' },
    quiet: [
      { [`gantry_queue_oldest_age_seconds${queue('orders')}`]: '3240+60x6' },
      { [`gantry_queue_oldest_age_seconds${queue('orders-dlq')}`]: '3601+60x20' },
      { [`gantry_queue_oldest_age_seconds${queue('Orders_Dead_Letter.fifo')}`]: '3601+60x20' },
    ],
  },
  GantryDeadLetters: {
    at: '10m',
    fires: { [`gantry_queue_dead_lettered_total${queue('orders')}`]: '7 7 7 8+0x10' },
    quiet: [{ [`gantry_queue_dead_lettered_total${queue('orders')}`]: '7+0x20' }],
  },
  GantryMessagesExpired: {
    at: '10m',
    fires: { [`gantry_queue_expired_total${queue('orders')}`]: '7 7 7 8+0x10' },
    quiet: [{ [`gantry_queue_expired_total${queue('orders')}`]: '7+0x20' }],
  },
  GantrySyncSlow: {
    at: '12m',
    fires: {
      [`gantry_store_commit_seconds_total{${broker}}`]: '0+11x20', // 0.11 s for each of 100 commits a minute.
      [`gantry_store_commits_total{${broker}}`]: '0+100x20',
    },
    quiet: [
      {
        [`gantry_store_commit_seconds_total{${broker}}`]: '0+9x20',
        [`gantry_store_commits_total{${broker}}`]: '0+100x20',
      },
      // Nobody sends: no commit, and so none that is slow.
      {
        [`gantry_store_commit_seconds_total{${broker}}`]: '5+0x20',
        [`gantry_store_commits_total{${broker}}`]: '9+0x20',
      },
    ],
  },
  GantryStoreBehind: {
    at: '3m',
    fires: { [`gantry_store_pending_bytes{${broker}}`]: '50331649+0x10' },
    quiet: [
      { [`gantry_store_pending_bytes{${broker}}`]: '50331648+0x10' },
      { [`gantry_store_pending_bytes{${broker}}`]: '50331649 50331649 0 50331649' },
    ],
  },
  GantryRequestsRefused: {
    at: '12m',
    fires: { [`gantry_requests_refused_total{${broker},reason="unknown-key"}`]: '0+7x20' },
    quiet: [
      { [`gantry_requests_refused_total{${broker},reason="unknown-key"}`]: '0+5x20' },
      { [`gantry_requests_refused_total{${broker},reason="unknown-key"}`]: '40+0x20' },
    ],
  },
  GantryLoopSlow: {
    at: '6m',
    fires: { [`nodejs_eventloop_lag_p99_seconds{${broker}}`]: '0.6+0x10' },
    quiet: [
      { [`nodejs_eventloop_lag_p99_seconds{${broker}}`]: '0.5+0x10' },
      { 'nodejs_eventloop_lag_p99_seconds{job="shop",instance="b:80"}': '0.6+0x10' },
    ],
  },
  GantryFilesLow: {
    at: '6m',
    fires: { [`process_open_fds{${broker}}`]: '81+0x10', [`process_max_fds{${broker}}`]: '100+0x10' },
    quiet: [
      { [`process_open_fds{${broker}}`]: '80+0x10', [`process_max_fds{${broker}}`]: '100+0x10' },
      { 'process_open_fds{job="shop"}': '81+0x10', 'process_max_fds{job="shop"}': '100+0x10' },
    ],
  },
  GantryDefect: {
    at: '30m',
    fires: { [`gantry_invariant_failures_total{${broker}}`]: '0 0 1+0x40' },
    quiet: [{ [`gantry_invariant_failures_total{${broker}}`]: '1+0x40' }],
  },
  GantryNotificationsLost: {
    at: '8m',
    fires: {
      [`gantry_topic_failed_total{topic="news",${broker}}`]: '0 0 2+0x20',
      [`gantry_topic_dead_lettered_total{topic="news",${broker}}`]: '0 0 1+0x20',
    },
    quiet: [
      {
        [`gantry_topic_failed_total{topic="news",${broker}}`]: '0 0 2+0x20',
        [`gantry_topic_dead_lettered_total{topic="news",${broker}}`]: '0 0 2+0x20',
      },
    ],
  },
  GantryEndpointsBehind: {
    at: '11m',
    fires: { [`gantry_topic_pushes_waiting{topic="news",${broker}}`]: '1001+0x20' },
    quiet: [{ [`gantry_topic_pushes_waiting{topic="news",${broker}}`]: '1000+0x20' }],
  },
  GantryQueuesUnseen: {
    at: '11m',
    fires: { [`gantry_queues_left_out{${broker}}`]: '1+0x20' },
    quiet: [{ [`gantry_queues_left_out{${broker}}`]: '0+0x20' }],
  },
};

const alerts = await readAlerts();

test('every alert has its case', () => {
  expect(Object.keys(cases)).toEqual(alerts.map(({ alert }) => alert));
});

test('every alert says how bad it is, what has happened and where', () => {
  for (const { alert, labels, annotations } of alerts) {
    expect(labels.severity, alert).toMatch(/^(critical|warning|info)$/);
    expect(annotations.summary, alert).toMatch(/\{\{ \$labels\.(instance|queue|topic) \}\}/);
    expect(annotations.description, alert).not.toBe('');
  }
});

describe.skipIf(whySkipped !== undefined)(named('promtool'), () => {
  test('takes the rules and their templates', async () => {
    const { code, output } = await promtool('check', 'rules', join(root, alertsFile));

    expect(output).toContain(`SUCCESS: ${alerts.length} rules found`);
    expect(code).toBe(0);
  });

  test.each(Object.entries(cases))('sees %s fire when it should, and else not', async (alert, { at, fires, quiet }) => {
    const { code, output } = await testRules(alert, at, [
      { series: fires, isFiring: true },
      ...quiet.map((series) => ({ series, isFiring: false })),
    ]);

    expect(code, output).toBe(0);
  });

  test('would not take a case that is wrong', async () => {
    const series = { [`up{${broker}}`]: '1+0x10' };

    const { code, output } = await testRules('GantryDown', '3m', [{ series, isFiring: true }]);

    expect(output).toContain('FAILED');
    expect(code).not.toBe(0);
  });
});

/** One test of promtool for each series: whether the alert fires at that time. */
async function testRules(
  alert: string,
  at: string,
  situations: readonly { readonly series: Series; readonly isFiring: boolean }[],
): Promise<{ code: number | null; output: string }> {
  const file = join(await temporaryFolder(), 'test.yaml');
  const tests = situations.map(({ series, isFiring }) => ({
    interval: '1m',
    input_series: Object.entries(series).map(([selector, values]) => ({ series: selector, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}", alertstate="firing"})`,
        eval_time: at,
        exp_samples: isFiring ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  }));
  const text = stringify({ rule_files: [join(root, alertsFile)], evaluation_interval: '1m', tests });
  await writeFile(file, text);
  return await promtool('test', 'rules', file);
}

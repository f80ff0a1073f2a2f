import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedBroker, launch } from '../../support/launch.ts';
import { answering, asked, metricsIn, readAlerts, readDashboard } from './expressions.ts';
import { named, whySkipped } from './programs.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';
import { makeSite, makeTraffic, moved } from './traffic.ts';

const alerts = await readAlerts();
const { panels, templating } = await readDashboard();
const targets = panels.flatMap(({ title, targets = [] }) => targets.map(({ refId, expr }) => ({ title, refId, expr })));
const window = '1m';

let broker: LaunchedBroker;
let prometheus: Prometheus;

describe.skipIf(whySkipped !== undefined)(named('a real Prometheus that scrapes a real broker'), () => {
  beforeAll(async () => {
    broker = await launch();
    const site = await makeSite(broker.endpoint);
    prometheus = await startPrometheus({ target: new URL(broker.endpoint).host });
    // What happens before the first scrape is no increase to Prometheus.
    await prometheus.until('gantry_queue_appended_total{queue="orders"}');
    await makeTraffic(site);
    // The last of the traffic; scraped with it is all that came before.
    await prometheus.until('increase(gantry_requests_refused_total{reason="foreign-page"}[1m]) > 0');
  }, 60_000);
  afterAll(async () => {
    await prometheus?.stop();
    await broker?.stop();
  });

  test.each(moved)('%s has moved', async (metric) => {
    const value = metric.endsWith('_total') ? `increase(${metric}[${window}])` : metric;

    expect(await prometheus.query(`max(${value}) > 0`)).toHaveLength(1);
  });

  test.each(targets)('the panel "$title" has something to show: $refId', async ({ expr }) => {
    const samples = await prometheus.query(asked(expr, window));

    expect(samples.length).toBeGreaterThan(0);
    expect(samples.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
  });

  test.each(templating.list.filter(({ type }) => type === 'query'))('the list "$name" is filled', async ({ query }) => {
    const text = typeof query === 'string' ? query : query.query;
    const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(text) ?? [];

    expect(await prometheus.labelValues(label, asked(selector, window))).not.toEqual([]);
  });

  test.each(alerts)('$alert has metrics to judge by', async ({ expr }) => {
    const samples = await prometheus.query(answering(expr));

    expect(samples.length).toBeGreaterThan(0);
    for (const { value } of samples) expect([0, 1]).toContain(value);
  });

  test('a metric or label that is misspelt would be found', async () => {
    expect(await prometheus.query(answering('gantry_queue_wating > 100000'))).toEqual([]);
    expect(await prometheus.query(answering('rate(gantry_queue_waiting{quue="orders"}[5m]) > 1'))).toEqual([]);
    expect(await prometheus.query(asked('sum(gantry_queue_leased{instans=~"$instance"})', window))).toEqual([]);
    expect(await prometheus.query(asked('sum(gantry_queue_lesed{instance=~"$instance"})', window))).toEqual([]);
  });

  test('every rule is evaluated without an error, and a dead letter raises its alert', async () => {
    const rules = await prometheus.rules();
    const firing = await prometheus.until('ALERTS{alertname="GantryDeadLetters", alertstate="firing"}');

    expect(rules.map(({ name }) => name)).toEqual(alerts.map(({ alert }) => alert));
    expect(rules.filter(({ lastError = '' }) => lastError !== '')).toEqual([]);
    expect(firing.map(({ metric }) => metric.queue)).toEqual(['orders']);
  });

  test('the dashboard shows every metric of ours', async () => {
    const text = await (await fetch(`${broker.endpoint}/metrics`)).text();
    const shown = new Set([...text.matchAll(/^# TYPE (gantry_\w+) /gm)].flatMap(([, name = '']) => name));
    const used = new Set(targets.flatMap(({ expr }) => metricsIn(expr)));

    expect(shown.size).toBeGreaterThan(30);
    expect([...shown].filter((name) => !used.has(name))).toEqual([]);
  });
});

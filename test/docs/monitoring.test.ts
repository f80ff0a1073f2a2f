import { expect, test } from 'vitest';
import { type Panel, readAlerts, readDashboard } from '../clients/prometheus/expressions.ts';
import { readPage } from './pages.ts';

const { panels, templating } = await readDashboard();

test('every panel of the dashboard has a number and a place of its own, within the width', () => {
  const meet = (a: Panel['gridPos'], b: Panel['gridPos']): boolean =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  const pairs = panels.flatMap((a, at) => panels.slice(at + 1).map((b) => [a, b] as const));

  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  expect(pairs.filter(([a, b]) => meet(a.gridPos, b.gridPos)).map(([a, b]) => [a.title, b.title])).toEqual([]);
});

test('every panel asks something, each question with a letter of its own', () => {
  const asking = panels.filter(({ type }) => type !== 'row');

  expect(asking.length).toBeGreaterThan(20);
  for (const { title, targets = [] } of asking) {
    expect(targets.length, title).toBeGreaterThan(0);
    expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
  }
});

test('no panel is bound to the data source or the lists of somebody else', async () => {
  const text = await readPage('docs/monitoring/dashboard.json');
  const sources = new Set([...text.matchAll(/"uid": "([^"]*)"/g)].map(([, uid = '']) => uid));
  const lists = templating.list.map(({ name }) => name);
  const named = new Set([...text.matchAll(/\$\{?([a-z]\w*)/g)].map(([, name = '']) => name));

  expect([...sources].filter((uid) => !/^\$\{datasource\}$/.test(uid))).toEqual(['gantry']);
  expect([...named].sort()).toEqual([...lists].sort());
});

test('the page of monitoring explains every alert, and no other', async () => {
  const page = await readPage('docs/monitoring/README.md');
  const explained = [...page.matchAll(/^### (Gantry\w+)$/gm)].map(([, name]) => name);

  expect(explained).toEqual((await readAlerts()).map(({ alert }) => alert));
});

test('the page shows the configuration that is tested', async () => {
  const page = await readPage('docs/monitoring/README.md');
  const file = await readPage('docs/monitoring/prometheus.yaml');

  expect(page).toContain(file.slice(file.indexOf('scrape_configs:')));
});

import { parse } from 'yaml';
import { readPage } from '../../docs/pages.ts';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}
export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string | { query: string };
    }[];
  };
}

export const alertsFile = 'docs/monitoring/alerts.yaml';

export async function readAlerts(): Promise<readonly Alert[]> {
  const file: { readonly groups: readonly { readonly rules: readonly Alert[] }[] } = parse(await readPage(alertsFile));
  return file.groups.flatMap(({ rules }) => rules);
}

export async function readDashboard(): Promise<Dashboard> {
  return JSON.parse(await readPage('docs/monitoring/dashboard.json'));
}

/**
 * As Grafana asks it with all of a dashboard's lists chosen; but here a label must be there, for `.*` would also match
 * where a misspelt one is not.
 */
export function asked(expression: string, window: string): string {
  return expression.replaceAll('$__rate_interval', window).replaceAll(/\$(instance|queue)\b/g, '.+');
}

/**
 * An alert's expression gives nothing while all is well. With its comparison told to answer 0 or 1 in place of keeping or
 * dropping, it gives a value wherever its metrics and their labels are there.
 */
export function answering(expression: string): string {
  const comparison = /\s(==|!=|>=|<=|>|<)\s(?=[\d.])/g;
  if (expression.match(comparison)?.length !== 1)
    throw new Error(`one comparison with a number is expected: ${expression}`);
  return expression.replace(comparison, ' $1 bool ');
}

/** Names of metrics in an expression. */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression.replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\b(by|without)\s*\([^)]*\)/g, '');
  return [...bare.matchAll(/\b[a-z][a-z0-9_]*_[a-z0-9_]+\b|\bup\b/g)].map(([name]) => name);
}

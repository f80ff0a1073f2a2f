import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { readPage, root } from '../../docs/pages.ts';
import { temporaryFolder } from '../../support/launch.ts';
import { alertsFile } from './expressions.ts';

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Prometheus {
  query(expression: string): Promise<readonly Sample[]>;
  /** Asks again until it gives something that fits. @throws Error with the last answer */
  until(expression: string, fits?: (samples: readonly Sample[]) => boolean): Promise<readonly Sample[]>;
  rules(): Promise<readonly { readonly name: string; readonly health: string; readonly lastError?: string }[]>;
  labelValues(label: string, selector: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}
interface Settings {
  /** `127.0.0.1:4566` */
  readonly target: string;
  /** Undefined: the broker has no users. */
  readonly password?: string;
}

/** A scrape may take as long, also on a machine that has much else to do. */
const scrapeMs = 500;
const untilMsMax = 30_000;

/** A real Prometheus with the configuration that docs/monitoring shows; only places and times are put in. */
export async function startPrometheus(settings: Settings): Promise<Prometheus> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'prometheus.yml'), await configuration(folder, settings));
  await cp(join(root, alertsFile), join(folder, 'alerts.yaml'));
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const ended = once(child, 'close');

  async function ask<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const answer: { status: string; error?: string; data: T } = JSON.parse(await response.text());
    if (answer.status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${answer.error}`);
    return answer.data;
  }

  async function query(expression: string): Promise<readonly Sample[]> {
    interface Found {
      readonly result: readonly {
        readonly metric: Record<string, string>;
        readonly value: readonly [number, string];
      }[];
    }
    const { result } = await ask<Found>('query', { query: expression });
    return result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
  }

  async function until(
    expression: string,
    fits = (samples: readonly Sample[]): boolean => samples.length > 0,
  ): Promise<readonly Sample[]> {
    const endAt = performance.now() + untilMsMax;
    for (;;) {
      const samples = await query(expression);
      if (fits(samples)) return samples;
      if (performance.now() > endAt) throw new Error(`${expression} stays at ${JSON.stringify(samples)}`);
      await sleep(scrapeMs); // The next scrape brings the next answer; Prometheus tells nobody of it.
    }
  }

  async function stop(): Promise<void> {
    process.off('exit', end);
    child.kill('SIGTERM');
    await ended;
  }

  await untilReady(port, () => (child.exitCode === null ? undefined : log));
  return {
    query,
    until,
    rules: async () => {
      interface Groups {
        readonly groups: readonly { readonly rules: Awaited<ReturnType<Prometheus['rules']>> }[];
      }
      return (await ask<Groups>('rules')).groups.flatMap(({ rules }) => rules);
    },
    stop,
    labelValues: async (label, selector) => await ask(`label/${label}/values`, { 'match[]': selector }),
  };
}

async function configuration(folder: string, { target, password }: Settings): Promise<string> {
  const shown: { scrape_configs: [Record<string, unknown> & { basic_auth?: unknown }]; rule_files: string[] } = parse(
    await readPage('docs/monitoring/prometheus.yaml'),
  );
  const [job] = shown.scrape_configs;
  const { basic_auth: auth, ...open } = job;
  const passwordFile = join(folder, 'password');
  if (password !== undefined) await writeFile(passwordFile, password, { mode: 0o600 });
  const own = {
    scrape_interval: `${scrapeMs}ms`,
    scrape_timeout: `${scrapeMs}ms`,
    static_configs: [{ targets: [target] }],
  };
  const withAuth = { ...open, ...own, basic_auth: { ...Object(auth), password_file: passwordFile } };
  return stringify({
    global: { evaluation_interval: `${scrapeMs}ms` },
    scrape_configs: [password === undefined ? { ...open, ...own } : withAuth],
    rule_files: [join(folder, 'alerts.yaml')],
  });
}

async function untilReady(port: number, ended: () => string | undefined): Promise<void> {
  const endAt = performance.now() + untilMsMax;
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
    if (response?.status === 200) return;
    const log = ended();
    if (log !== undefined || performance.now() > endAt) throw new Error(`Prometheus did not become ready: ${log}`);
    await sleep(50); // It says nothing that could be waited for.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

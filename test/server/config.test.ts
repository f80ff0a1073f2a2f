import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type LoadedConfig, loadConfig } from '../../src/server/config.ts';
import { type OptionKey, optionName, options, variableName } from '../../src/server/options.ts';
import { temporaryFolder } from '../support/launch.ts';

/** What somebody writes, what it means, and what nobody may write. A new option does not compile without its row. */
const cases = {
  config: { text: 'other.yaml', value: 'other.yaml', bad: '' },
  host: { text: '127.0.0.2,[::1]', value: ['127.0.0.2', '::1'], bad: '300.1.1.1,' },
  httpPort: { text: '4567,0', value: [4567, 0], bad: '65536' },
  httpsPort: { text: '4567,0', value: [4567, 0], bad: '4567,4567' },
  tlsCert: { text: 'cert.pem', value: 'cert.pem', bad: '' },
  tlsKey: { text: 'key.pem', value: 'key.pem', bad: '' },
  allowAnonymous: { text: '1', value: true, bad: 'maybe' },
  publicUrl: { text: 'https://sqs.example/', value: 'https://sqs.example', bad: 'sqs.example' },
  snsSigningCertUrl: {
    text: 'https://sns.us-east-1.amazonaws.com/',
    value: 'https://sns.us-east-1.amazonaws.com',
    bad: 'sns.us-east-1.amazonaws.com',
  },
  trustProxy: { text: 'true', value: true, bad: '2' },
  corsOrigins: { text: 'https://a.example,*', value: ['https://a.example', '*'], bad: 'a.example' },
  dataDir: { text: '/srv/messages', value: '/srv/messages', bad: '' },
  definitions: { text: 'a.yaml,d', value: ['a.yaml', 'd'], bad: 'a.yaml,' },
  durability: { text: 'normal', value: 'normal', bad: 'none' },
  skipMigrationCopy: { text: 'true', value: true, bad: '2' },
  bodyCacheBytes: { text: '8MiB', value: 8_388_608, bad: '8MB' },
  diskFreeMin: { text: '1GiB', value: 1_073_741_824, bad: '-1' },
  pendingBytesMax: { text: '1024', value: 1024, bad: '0' },
  initDir: { text: '/etc/a/ready.d, /etc/b', value: ['/etc/a/ready.d', '/etc/b'], bad: '/etc/a,' },
  initTimeoutMs: { text: '2h', value: 7_200_000, bad: '25h' },
  sqsInFlightMax: { text: '120000', value: 120_000, bad: '-1' },
  sqsPurgeIntervalMs: { text: '60000', value: 60_000, bad: '60 s' },
  sqsRecreateIntervalMs: { text: '0', value: 0, bad: '3600001' },
  sqsFifoRateMax: { text: '300', value: 300, bad: '0.5' },
  snsReplaysMax: { text: '5', value: 5, bad: '-1' },
  snsSubscriptionsMax: { text: '12500000', value: 12_500_000, bad: '-1' },
  snsFilterPoliciesMax: { text: '200', value: 200, bad: '0.5' },
  snsAccountFilterPoliciesMax: { text: '10000', value: 10_000, bad: 'many' },
  snsFilterPolicyBytesMax: { text: '1MiB', value: 2 ** 20, bad: '1MB' },
  sqsLenientAttempts: { text: 'on', value: true, bad: '' },
  snsEndpointsAllow: { text: '10.1.0.0/16,*.lan,::1', value: ['10.1.0.0/16', '*.lan', '::1'], bad: '10.0.0.0/33' },
  snsProxy: { text: 'http://proxy:3128', value: 'http://proxy:3128', bad: 'proxy:3128' },
  snsCaFile: { text: 'ca.pem', value: 'ca.pem', bad: '' },
  smtpUrl: { text: 'smtps://mail.example', value: 'smtps://mail.example', bad: 'http://mail.example' },
  smtpFrom: { text: 'News <a@b.example>', value: 'News <a@b.example>', bad: 'nobody' },
  lambdaEndpoint: { text: 'http://127.0.0.1:9001/', value: 'http://127.0.0.1:9001', bad: '127.0.0.1:9001' },
  testEndpoints: { text: '1', value: true, bad: 'maybe' },
  logLevel: { text: 'DEBUG', value: 'debug', bad: 'verbose' },
  otlpEndpoint: { text: 'http://otel:4318/', value: 'http://otel:4318', bad: 'otel:4318' },
  metricsQueuesMax: { text: '10', value: 10, bad: '-1' },
  connectionsMax: { text: '1', value: 1, bad: '0' },
  requestBytesMax: { text: '1 MiB', value: 1_048_576, bad: '1023' },
  headerBytesMax: { text: '32k', value: 32_768, bad: '1e9' },
  headerTimeoutMs: { text: '100', value: 100, bad: '99' },
  requestTimeoutMs: { text: '3600000', value: 3_600_000, bad: '3600001' },
  keepAliveTimeoutMs: { text: '5s', value: 5000, bad: '5d' },
  shutdownTimeoutMs: { text: '0', value: 0, bad: '0.5' },
  amqpPort: { text: '5672', value: 5672, bad: '5672,5673' },
  amqpsPort: { text: '5671', value: 5671, bad: 'x' },
  mqttPort: { text: '1883', value: 1883, bad: '0x75b' },
  mqttsPort: { text: '8883', value: 8883, bad: '' },
  stompPort: { text: '61613', value: 61_613, bad: '99999' },
  stompsPort: { text: '61614', value: 61_614, bad: '-5' },
  openwirePort: { text: '61616', value: 61_616, bad: 'none' },
  openwiresPort: { text: '0', value: 0, bad: '1.5' },
} as const satisfies Record<OptionKey, { text: string; value: unknown; bad: string }>;

const rows = Object.entries(cases).map(([key, one]) => ({ key, name: optionName(key), ...one }));
const fileRows = rows.filter(({ key }) => key !== 'config');

async function fileWith(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(path, text);
  return path;
}

async function loadFlags(flags: Record<string, readonly string[]>): Promise<LoadedConfig> {
  const config = await fileWith('');
  return await loadConfig({ flags: { config: [config], ...flags }, environment: {} });
}

function loadedValue({ config }: LoadedConfig, key: string): unknown {
  return Object.entries(config).find(([one]) => one === key)?.[1];
}

describe('the option table', () => {
  test.each(fileRows)('--$name $text is understood', async ({ key, text, value }) => {
    const loaded = await loadFlags({ [key]: [text] });

    expect(loadedValue(loaded, key)).toEqual(value);
    expect(loaded.origins.get(key)).toBe('flag');
  });

  test.each(fileRows)('the variable of $name with $text is understood', async ({ key, text, value }) => {
    const config = await fileWith('');
    const environment = { GANTRY_CONFIG: config, [variableName(key)]: text };
    const loaded = await loadConfig({ flags: {}, environment });

    expect(loadedValue(loaded, key)).toEqual(value);
    expect(loaded.origins.get(key)).toBe('environment');
  });

  test.each(fileRows)('the file key $name with $text is understood', async ({ key, name, text, value }) => {
    const config = await fileWith(`# a comment\n${name}: ${JSON.stringify(text)}\n`);
    const loaded = await loadConfig({ flags: { config: [config] }, environment: {} });

    expect(loadedValue(loaded, key)).toEqual(value);
    expect(loaded.origins.get(key)).toBe('file');
  });

  test.each(fileRows)('--$name "$bad" is refused, by name', async ({ key, name, bad }) => {
    const loading = loadFlags({ [key]: [bad] });

    await expect(loading).rejects.toMatchObject({ name: 'GantryError', code: 'invalid-argument' });
    await expect(loading).rejects.toThrow(`--${name} "${bad}": expected `);
  });

  test.each(fileRows)('a bad value of the variable of $name is refused, by name', async ({ key, bad }) => {
    const loading = loadConfig({ flags: {}, environment: { [variableName(key)]: bad } });

    await expect(loading).rejects.toThrow(`${variableName(key)} "${bad}": expected `);
  });

  test.each(fileRows)('a bad value of the file key $name is refused, with its place', async ({ name, bad }) => {
    const config = await fileWith(`\n${name}: ${JSON.stringify(bad)}\n`);
    const loading = loadConfig({ flags: { config: [config] }, environment: {} });

    await expect(loading).rejects.toThrow(`${config}:2:${name.length + 3}: ${name} "${bad}": expected `);
  });

  test('every default is what its text says', () => {
    for (const [key, option] of Object.entries(options)) {
      if (option.defaultText === '' || key === 'host') continue;
      const parsed = option.parse(option.defaultText.split(','));

      expect(parsed, key).toEqual(option.default);
    }
  });
});

describe('precedence', () => {
  test('a flag beats the environment, which beats the file, which beats the default', async () => {
    const config = await fileWith('http-port: 1\ndata-dir: from-file\nlog-level: debug\n');
    const { config: loaded, origins } = await loadConfig({
      flags: { config: [config], httpPort: ['3'] },
      environment: { GANTRY_HTTP_PORT: '2', GANTRY_DATA_DIR: 'from-environment' },
    });

    expect(loaded.httpPort).toEqual([3]);
    expect(loaded.dataDir).toBe('from-environment');
    expect(loaded.logLevel).toBe('debug');
    expect(loaded.durability).toBe('full');
    expect([...origins].filter(([key]) => ['httpPort', 'dataDir', 'logLevel', 'durability'].includes(key))).toEqual([
      ['httpPort', 'flag'],
      ['dataDir', 'environment'],
      ['durability', 'default'],
      ['logLevel', 'file'],
    ]);
  });

  test('--http-port off means no listener', async () => {
    expect((await loadFlags({ httpPort: ['off'] })).config.httpPort).toEqual([]);
    expect((await loadFlags({ httpPort: ['0', '0'] })).config.httpPort).toEqual([0, 0]); // Two free ones.
  });
});

describe('mistakes in names', () => {
  test('an unknown variable is refused, with the one that was meant', async () => {
    const loading = loadConfig({ flags: {}, environment: { GANTRY_HTTP_PROT: '1' } });

    await expect(loading).rejects.toThrow('unknown variable "GANTRY_HTTP_PROT"; did you mean "GANTRY_HTTP_PORT"?');
  });

  test('what Kubernetes sets for a service named gantry is no mistake', async () => {
    const { config } = await loadConfig({
      flags: {},
      environment: {
        GANTRY_SERVICE_HOST: '10.0.0.1',
        GANTRY_SERVICE_PORT_HTTP: '4566',
        GANTRY_PORT: 'tcp://10.0.0.1:4566',
        GANTRY_PORT_4566_TCP_ADDR: '10.0.0.1',
      },
    });

    expect(config.httpPort).toEqual([4566]);
  });

  test('a variable of somebody else is left alone', async () => {
    const { config } = await loadConfig({ flags: {}, environment: { GANTRYX: '1', HTTP_PORT: '1' } });

    expect(config.httpPort).toEqual([4566]);
  });
});

import { expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';

async function load(environment: Readonly<Record<string, string>>) {
  const { config } = await loadConfig({ flags: {}, environment });
  return config;
}

test.each(['true', 'YES', 'on', '1'])('a switch takes %s for yes', async (text) => {
  expect((await load({ GANTRY_ALLOW_ANONYMOUS: text })).allowAnonymous).toBe(true);
});

test.each(['False', 'no', 'off', '0'])('a switch takes %s for no', async (text) => {
  expect((await load({ GANTRY_ALLOW_ANONYMOUS: text })).allowAnonymous).toBe(false);
});

test.each([
  ['250', 250],
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
])('a time of %s is %i milliseconds', async (text, ms) => {
  expect((await load({ GANTRY_REQUEST_TIMEOUT_MS: text })).requestTimeoutMs).toBe(ms);
});

test.each([
  ['65536', 65_536],
  ['64k', 65_536],
  ['64KiB', 65_536],
  ['64 kib', 65_536],
  ['1M', 1_048_576],
  ['1g', 1_073_741_824],
])('a size of %s is %i bytes', async (text, bytes) => {
  expect((await load({ GANTRY_REQUEST_BYTES_MAX: text })).requestBytesMax).toBe(bytes);
});

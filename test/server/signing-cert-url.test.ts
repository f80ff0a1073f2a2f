import { expect, test } from 'vitest';
import { signingCertBase } from '../../src/server/signing-cert-url.ts';

const open = () => 'https://127.0.0.1:4567';
const none = { snsSigningCertUrl: undefined, publicUrl: undefined };

test.each([
  ['over HTTP, with an HTTPS port', none, open, 'http://gantry:4566', 'https://gantry:4567'],
  ['over HTTP to an IPv6 address', none, open, 'http://[::1]:4566', 'https://[::1]:4567'],
  ['over HTTPS', none, open, 'https://gantry:4567', 'https://gantry:4567'],
  ['over HTTP, without an HTTPS port', none, () => undefined, 'http://gantry:4566', 'http://gantry:4566'],
  ['by no HTTP', none, open, '', ''],
  ['by the public URL', { ...none, publicUrl: 'http://a.example' }, open, 'http://a.example', 'http://a.example'],
  ['with an option', { ...none, snsSigningCertUrl: 'https://sns.example' }, open, 'http://a:1', 'https://sns.example'],
])('of a message that came %s', (_, config, httpsUrl, baseUrl, expected) => {
  expect(signingCertBase(config, httpsUrl)(baseUrl)).toBe(expected);
});

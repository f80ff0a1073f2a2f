import { expect, test } from 'vitest';
import { type Caller, judgeOrigin } from '../../src/security/origin.ts';

const nothing = { corsOrigins: [], publicUrl: undefined };
const named = { corsOrigins: ['https://console.example'], publicUrl: 'https://sqs.example/base' };
const open = { corsOrigins: [], publicUrl: 'https://sqs.example/base', isOpen: true };
const all = { corsOrigins: ['*'], publicUrl: undefined };
const host = '127.0.0.1:4566';

function caller(given: Partial<Caller>): Caller {
  return { origin: undefined, fetchSite: undefined, host, ...given };
}

test.each([
  ['a program', {}, nothing, 'own'],
  ['an address typed by a person', { fetchSite: 'none' }, nothing, 'own'],
  ['a page of the broker', { fetchSite: 'same-origin' }, nothing, 'own'],
  ['a page of the broker that posts', { origin: 'http://127.0.0.1:4566' }, nothing, 'own'],
  ['a page of the broker by localhost', { origin: 'http://localhost:4566', host: 'LOCALHOST:4566' }, nothing, 'own'],
  ['a page of the broker by IPv6', { origin: 'http://[::1]:4566', host: '[::1]:4566' }, nothing, 'own'],
  ['a page of the public address', { origin: 'https://sqs.example', host: 'sqs.example' }, named, 'own'],
  ['a named page', { origin: 'https://console.example', fetchSite: 'cross-site' }, named, 'named'],
  ['any page where all are named', { origin: 'https://any.example' }, all, 'named'],
  ['a link where all are named', { fetchSite: 'cross-site' }, all, 'own'],
  ['a page of another site', { origin: 'https://evil.example', fetchSite: 'cross-site' }, named, 'foreign'],
  ['a page on another port', { origin: 'http://127.0.0.1:8080', fetchSite: 'same-site' }, nothing, 'foreign'],
  ['an image or a link of another site', { fetchSite: 'cross-site' }, nothing, 'foreign'],
  ['a page without an origin', { origin: 'null' }, nothing, 'foreign'],
  ['a name that was pointed here', { origin: 'http://evil.example', host: 'evil.example' }, nothing, 'foreign'],
  ['a GET of a name that was pointed here', { fetchSite: 'same-origin', host: 'evil.example' }, nothing, 'foreign'],
  ['a GET of the public address', { fetchSite: 'same-origin', host: 'sqs.example' }, named, 'own'],
  ['a GET of such a name by plain HTTP', { host: 'evil.example:4566' }, open, 'foreign'],
  ['the same in capitals, with a dot behind', { host: 'EVIL.Example.:4566' }, open, 'foreign'],
  ['the same where each request is signed', { host: 'evil.example:4566' }, nothing, 'own'],
  ['a program by the public address', { host: 'sqs.example' }, open, 'own'],
  ['a program by an address', { host }, open, 'own'],
  ['a program by IPv6', { host: '[::1]:4566' }, open, 'own'],
  ['a program by localhost', { host: 'sqs.localhost:4566' }, open, 'own'],
  ['a program in a network of containers', { host: 'gantry:4566' }, open, 'own'],
  ['a program that names no host', { host: undefined }, open, 'own'],
  ['a program by any name where all pages are named', { host: 'evil.example' }, { ...open, corsOrigins: ['*'] }, 'own'],
  ['a page that names no host', { origin: 'http://127.0.0.1:4566', host: undefined }, nothing, 'foreign'],
] as const)('%s: %o by %o is %s', (_, given, rules, verdict) => {
  expect(judgeOrigin(caller(given), rules)).toBe(verdict);
});

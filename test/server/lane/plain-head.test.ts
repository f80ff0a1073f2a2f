import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPlainHead } from '../../../src/server/lane/plain-head.ts';

const headBytesMax = 16 * 1024;

function read(text: string, max = headBytesMax) {
  return readPlainHead(Buffer.from(text, 'latin1'), max);
}

const plain = 'POST /queue HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n';

test('a plain head gives its URL, its headers as they came, and where its body begins', () => {
  const head = read(
    'POST /a?b=c HTTP/1.1\r\nhOST:x\r\nX-Empty:\r\nX-A: \t b  c\xa0 \t\r\nContent-Length: 3\r\n\r\nabc',
  );

  expect(head).toEqual({
    url: '/a?b=c',
    rawHeaders: ['hOST', 'x', 'X-Empty', '', 'X-A', 'b  c\xa0', 'Content-Length', '3'],
    contentLength: 3,
    bodyAt: 77,
  });
});

describe('node:http is left to judge', () => {
  test.each([
    ['another method', plain.replace('POST', 'PUT')],
    ['a method that begins alike', plain.replace('POST', 'POSTER')],
    ['a method in small letters', plain.replace('POST', 'post')],
    ['HTTP/1.0', plain.replace('1.1', '1.0')],
    ['HTTP/2.0', plain.replace('1.1', '2.0')],
    ['an absolute URL', plain.replace('/queue', 'http://x/queue')],
    ['an asterisk', plain.replace('/queue', '*')],
    ['a blank in the URL', plain.replace('/queue', '/a b')],
    ['two blanks before the URL', plain.replace(' /queue', '  /queue')],
    ['a tab before the URL', plain.replace(' /queue', '\t/queue')],
    ['a byte beyond ASCII in the URL', plain.replace('/queue', '/\xfc')],
    ['a DEL in the URL', plain.replace('/queue', '/\x7f')],
    ['a URL of 2049 characters', plain.replace('/queue', `/${'a'.repeat(2048)}`)],
    ['an empty line before the request', `\r\n${plain}`],
    ['no host', plain.replace('Host: x\r\n', '')],
    ['two hosts', plain.replace('Host: x', 'Host: x\r\nHost: x')],
    ['no length', plain.replace('Content-Length: 3\r\n', '')],
    ['two lengths that agree', plain.replace('Content-Length: 3', 'Content-Length: 3\r\ncontent-length: 3')],
    ['two lengths that differ', plain.replace('Content-Length: 3', 'Content-Length: 3\r\nContent-Length: 4')],
    ['a list of lengths', plain.replace(': 3', ': 3, 3')],
    ['chunks', plain.replace('Content-Length: 3', 'Transfer-Encoding: chunked')],
    ['a length and chunks', plain.replace('Host', 'Transfer-Encoding: chunked\r\nHost')],
    ['a length and chunks in odd letters', plain.replace('Host', 'tRANSFER-eNCODING: CHUNKED\r\nHost')],
    ['a blank before the colon', plain.replace('Content-Length:', 'Content-Length :')],
    ['a header without a name', plain.replace('Host', ': y\r\nHost')],
    ['a line without a colon', plain.replace('Host', 'X-A\r\nHost')],
    ['a folded header', plain.replace('Host', 'X-A: b\r\n c\r\nHost')],
    ['a blank before the first header', plain.replace('Host', ' Host')],
    ['a bare LF between headers', plain.replace('x\r\n', 'x\n')],
    ['bare LFs at the end', plain.replace('\r\n\r\n', '\n\n')],
    ['a bare CR in a value', plain.replace(': x', ': x\ry')],
    ['a bare CR between headers', plain.replace('x\r\n', 'x\r')],
    ['two CRs', plain.replace('x\r\n', 'x\r\r\n')],
    ['a NUL in a value', plain.replace(': x', ': x\0')],
    ['a NUL in a name', plain.replace('Host', 'Ho\0st')],
    ['a DEL in a value', plain.replace(': x', ': x\x7f')],
    ['Connection: close', plain.replace('Host', 'Connection: close\r\nHost')],
    ['an upgrade', plain.replace('Host', 'Connection: Upgrade\r\nUpgrade: websocket\r\nHost')],
    ['Expect', plain.replace('Host', 'Expect: 100-continue\r\nHost')],
    ['a body that is encoded', plain.replace('Host', 'Content-Encoding: gzip\r\nHost')],
    ['a head that is not whole', plain.slice(0, -1)],
    ['nothing', ''],
    ['a request line alone', 'POST / HTTP/1.1\r\n\r\n'],
    ['65 headers', plain.replace('Host', `${'X-A: b\r\n'.repeat(63)}Host`)],
  ])('%s', (_, text) => {
    expect(read(text)).toBeUndefined();
    expect(read(plain)).toBeDefined();
  });

  test.each(['', '+3', '-3', '3.0', '0x3', '1e3', '03', '00', ' ', '3 3', '3\xa0', '٣', '1'.repeat(16)])(
    'a length of %j',
    (length) => {
      expect(read(plain.replace(': 3', `: ${length}`))).toBeUndefined();
    },
  );
});

test('64 headers are plain', () => {
  expect(read(plain.replace('Host', `${'X-A: b\r\n'.repeat(62)}Host`))?.rawHeaders).toHaveLength(128);
});

test('a head at the limit is plain, one byte less of it is not', () => {
  expect(read(`${plain}abc`, plain.length)?.bodyAt).toBe(plain.length);
  expect(read(`${plain}abc`, plain.length - 1)).toBeUndefined();
});

test.each([
  ['blanks around a bad byte', `${' '.repeat(8000)}\x01${' '.repeat(8000)}`],
  ['blanks around a letter', `${' '.repeat(8000)}a${' '.repeat(8000)}`],
  ['blanks and tabs in turn', ' \t'.repeat(8000)],
])('a head of %s is read in no time', (_, value) => {
  const text = plain.replace('Host', `X-A:${value}\r\nHost`);
  const startAt = performance.now();

  for (let reads = 0; reads < 10; reads++) read(text, 32_000);

  expect(performance.now() - startAt).toBeLessThan(1_000); // An expression that goes back takes minutes.
});

test('any bytes are read without a throw', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'POST ',
      ' HTTP/1.1',
      '\r\n',
      '\r\n\r\n',
      ':',
      ' ',
      '/',
      'Host: x',
      'Content-Length: 1',
      '\0',
      '\n',
    ),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  const noise = fc.array(piece, { maxLength: 40 }).map((pieces) => `POST /${pieces.join('')}`);

  fc.assert(
    fc.property(noise, (text) => {
      const head = read(text);
      if (head === undefined) return;
      expect(text.slice(0, head.bodyAt)).toMatch(/\r\n\r\n$/);
      expect(text.slice(0, head.bodyAt)).not.toMatch(/[^\r]\n|\r[^\n]|\0/);
    }),
    { numRuns: 2_000 },
  );
});

test('whatever headers a client sends come out as they went in', () => {
  const name = fc.stringMatching(/^x-[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,20}$/);
  const value = fc.stringMatching(/^([!-~\x80-\xff]([\t -~\x80-\xff]{0,30}[!-~\x80-\xff])?)?$/);
  const blanks = fc.stringMatching(/^[ \t]{0,3}$/);

  fc.assert(
    fc.property(fc.array(fc.tuple(name, blanks, value, blanks), { maxLength: 62 }), fc.nat(), (headers, length) => {
      const lines = headers.map(([one, before, other, after]) => `${one}:${before}${other}${after}\r\n`);
      const head = read(`POST / HTTP/1.1\r\n${lines.join('')}Host: x\r\nContent-Length: ${length}\r\n\r\n`);

      const given = headers.flatMap(([one, , other]) => [one, other]);
      expect(head?.rawHeaders).toEqual([...given, 'Host', 'x', 'Content-Length', String(length)]);
      expect(head?.contentLength).toBe(length);
    }),
  );
});

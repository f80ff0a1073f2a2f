import { expect, test } from 'vitest';
import { mailSender, networks, proxy, smtpUrl, withoutPasswords } from '../../src/server/outward-option-kinds.ts';

test.each(['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', 'localhost', 'hooks', 'a.b-c.example', '*.lan', 'my_service'])(
  '%s is a host, an address or a range',
  (text) => {
    expect(networks('').parse([text])).toEqual([text]);
  },
);

test.each(['', '10.0.0.0/33', '::1/129', '300.1.1.1', '1.2.3', '*', '*.', 'a..b', 'http://a', 'a b', 'a/8', '-a'])(
  '%j is none',
  (text) => {
    expect(networks('').parse([text])).toBeUndefined();
  },
);

test.each(['environment', 'http://p:3128', 'https://user:pass@p'])('%s is a proxy', (text) => {
  expect(proxy('').parse([text])).toBe(text);
});

test.each(['p:3128', 'socks5://p', ''])('%j is no proxy', (text) => {
  expect(proxy('').parse([text])).toBeUndefined();
});

test.each(['smtp://m', 'smtps://u:p@m.example:465', 'smtp://m?tls=off'])('%s is a mail server', (text) => {
  expect(smtpUrl('').parse([text])).toBe(text);
});

test.each(['m:25', 'http://m', 'smtp://', ''])('%j is no mail server', (text) => {
  expect(smtpUrl('').parse([text])).toBeUndefined();
});

test.each(['a@b', 'News <a@b.example>', '<a@b>'])('%s can send mails', (text) => {
  expect(mailSender('a@b', '').parse([text])).toBe(text);
});

test.each(['a', 'News <a>', 'a@b, c@d', 'a@b\r\nBcc: c@d', 'x <a@b> y', ''])('%j cannot', (text) => {
  expect(mailSender('a@b', '').parse([text])).toBeUndefined();
});

test('a password in a URL is not shown', () => {
  expect(withoutPasswords('smtp://user:p@ss@mail.example:587')).toBe('smtp://***@mail.example:587');
  expect(withoutPasswords('http://proxy/a@b')).toBe('http://proxy/a@b');
  expect(withoutPasswords('https://a:b@c,https://d:e@f')).toBe('https://***@c,https://***@f');
});

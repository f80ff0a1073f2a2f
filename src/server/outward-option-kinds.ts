/** The kinds of options that say where the broker sends to, and through whom. */
import { isIP } from 'node:net';
import { anyText, httpUrl, list, type Option, scalar } from './option-kinds.ts';

/** Hosts, `*.domain`, addresses and ranges of addresses. */
export function networks(help: string): Option<readonly string[]> {
  const expected = 'hosts such as hooks.lan or *.lan, addresses, or ranges such as 10.1.0.0/16';
  const row = { help, placeholder: 'hosts', expected, default: [], defaultText: '', schema: anyText };
  return list<string>(row, (value) => (isNetwork(value) || isHostPattern(value) ? value : undefined));
}

function isNetwork(value: string): boolean {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const version = isIP(address);
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128));
}

function isHostPattern(value: string): boolean {
  return /^(\*\.)?(?!.*\.\.)[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?$/i.test(value) && !/^[\d.]+$/.test(value);
}

/** A proxy's URL, or `environment` for the variables that most programs read. */
export function proxy(help: string): Option<string | undefined> {
  const expected = 'an http or https URL, or environment';
  const row = { help, placeholder: 'url', expected, default: undefined, defaultText: '', schema: anyText };
  return scalar<string | undefined>(row, (value) => {
    if (value === 'environment') return value;
    return httpUrl(value) === undefined ? undefined : value;
  });
}

export function smtpUrl(help: string): Option<string | undefined> {
  const expected = 'a URL such as smtp://user:password@mail.example:587 or smtps://mail.example';
  const schema = { type: 'string', pattern: '^smtps?://' } as const;
  const row = { help, placeholder: 'url', expected, default: undefined, defaultText: '', schema };
  return scalar<string | undefined>(row, (value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const isSmtp = url?.protocol === 'smtp:' || url?.protocol === 'smtps:';
    return isSmtp && url.hostname !== '' ? value : undefined;
  });
}

/** `news@example.com`, or `News <news@example.com>`. */
export function mailSender(defaultText: string, help: string): Option<string> {
  const expected = 'a mail address, or a name and <address>';
  const row = { help, placeholder: 'address', expected, default: defaultText, defaultText, schema: anyText };
  const address = '[^\\s@<>,;]+@[^\\s@<>,;]+';
  const pattern = new RegExp(`^(${address}|[^\\r\\n<>@]*<${address}>)$`);
  return scalar<string>(row, (value) => (pattern.test(value) ? value : undefined));
}

/** For what shows a value: a password in a URL is nobody's to read. */
export function withoutPasswords(text: string): string {
  return text.replace(/:\/\/[^\s/?#]*@/g, '://***@');
}

import { GantryError } from '../../../src/model/errors.ts';
import { percentDecoded } from './endpoint-url.ts';

/** Where mail is handed in: `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** STARTTLS: `required` where a password would else travel in the clear; `off` by `?tls=off`; else if it is offered. */
  readonly startTls: 'required' | 'offered' | 'off';
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** @throws GantryError `invalid-argument`; its text does not repeat the URL, which may hold a password */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSecure = url?.protocol === 'smtps:';
  if (url === undefined || (url.protocol !== 'smtp:' && !isSecure) || url.hostname === '') {
    throw new GantryError(
      'invalid-argument',
      '--smtp-url is no URL such as smtp://mail.example:587 or smtps://mail.example',
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isNear = /^(localhost|127\.[\d.]+|::1)$/.test(host);
  const isOff = url.searchParams.get('tls') === 'off';
  return {
    host,
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    isSecure,
    startTls: isOff ? 'off' : url.password !== '' && !isNear ? 'required' : 'offered',
    user: url.username === '' ? undefined : percentDecoded(url.username),
    password: url.password === '' ? undefined : percentDecoded(url.password),
  };
}

import { GantryError } from '../../../src/model/errors.ts';
import { deliveryLimits } from './limits.ts';

/** An http or https endpoint, taken apart. */
export interface EndpointUrl {
  readonly isSecure: boolean;
  /** A name, or an address without brackets; however it was written (decimal, octal, hexadecimal), it is plain here. */
  readonly host: string;
  readonly port: number;
  /** Path and query, as they go on the request line. */
  readonly path: string;
  /** The same without user and password, for requests through a proxy. */
  readonly href: string;
  /** Of `user:password@`: the value of the Authorization header. */
  readonly authorization: string | undefined;
}

/** @throws GantryError `invalid-argument`; its text does not repeat the URL, which may hold a password */
export function parseEndpointUrl(text: string): EndpointUrl {
  const url = text.length <= deliveryLimits.endpointUrlLengthMax && URL.canParse(text) ? new URL(text) : undefined;
  if ((url?.protocol !== 'http:' && url?.protocol !== 'https:') || url.hostname === '') {
    throw new GantryError('invalid-argument', 'the endpoint is no http or https URL');
  }
  const isSecure = url.protocol === 'https:';
  const authorization = basicAuthorization(url);
  url.username = '';
  url.password = '';
  url.hash = '';
  return {
    isSecure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    path: `${url.pathname}${url.search}`,
    href: url.href,
    authorization,
  };
}

/** `Basic ...` of the user and the password in a URL; undefined: there are none. */
export function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${percentDecoded(username)}:${percentDecoded(password)}`).toString('base64')}`;
}

/** Undoes percent-encoding; what is none is meant as it stands. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

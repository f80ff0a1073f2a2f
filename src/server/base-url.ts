import type { IncomingMessage } from 'node:http';

/** Scheme, host and port by which the client reached us, as the AWS front says it of its requests. */
export function baseUrlOf(request: IncomingMessage, isProxyTrusted: boolean): string {
  const { headers, socket } = request;
  const forwarded = (name: string) => (isProxyTrusted ? firstOf(headers[name]) : undefined);
  const scheme = forwarded('x-forwarded-proto') ?? ('encrypted' in socket ? 'https' : 'http');
  const host = forwarded('x-forwarded-host') ?? headers.host;
  if (host !== undefined) return `${scheme}://${host}`;
  const { localAddress = '', localPort } = socket; // HTTP 1.0 names no host.
  return `${scheme}://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

function firstOf(header: string | readonly string[] | undefined): string | undefined {
  const text = typeof header === 'string' ? header : header?.[0];
  const first = text?.split(',')[0]?.trim();
  return first === '' ? undefined : first;
}

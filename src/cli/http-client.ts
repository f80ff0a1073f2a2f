import { request as overHttp } from 'node:http';

/** How to ask a URL of that scheme. Node trusts further authorities by NODE_EXTRA_CA_CERTS. */
export async function requestFor(url: string | URL): Promise<typeof overHttp> {
  if (!String(url).startsWith('https:')) return overHttp;
  // Imported here, because most brokers are asked over plain HTTP.
  const { request } = await import('node:https');
  return request;
}

/** What people meet first over TLS, and what helps. */
const untrusted = new Set([
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
]);
export const trustHint = '`gantry cert` prints which file to trust: NODE_EXTRA_CA_CERTS=FILE';

export function isUntrusted(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && untrusted.has(error.code);
}

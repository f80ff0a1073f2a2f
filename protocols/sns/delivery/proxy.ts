/** Which endpoints are reached through a proxy, and the tunnel to those of https. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { GantryError } from '../../../src/model/errors.ts';
import { basicAuthorization, type EndpointUrl, parseEndpointUrl } from './endpoint-url.ts';
import { deliveryLimits } from './limits.ts';

export interface ProxyAddress {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  readonly authorization: string | undefined;
}

export type ProxyChoice = (endpoint: EndpointUrl) => ProxyAddress | undefined;

export const noProxy: ProxyChoice = () => undefined;

/**
 * @param setting a proxy's URL for all endpoints; `environment`: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say
 * @throws GantryError `invalid-argument` naming where the URL stands
 */
export function createProxyChoice(
  setting: string,
  environment: Readonly<Record<string, string | undefined>>,
): ProxyChoice {
  if (setting !== 'environment') {
    const proxy = parseProxy(setting, '--sns-proxy');
    return () => proxy;
  }
  const read = (name: string) => {
    const text = environment[name] ?? environment[name.toLowerCase()] ?? '';
    return text === '' ? undefined : text;
  };
  const httpsText = read('HTTPS_PROXY');
  const httpText = read('HTTP_PROXY');
  const ofHttps = httpsText === undefined ? undefined : parseProxy(httpsText, 'HTTPS_PROXY');
  const ofHttp = httpText === undefined ? undefined : parseProxy(httpText, 'HTTP_PROXY');
  const exceptions = (read('NO_PROXY') ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  return (endpoint) => {
    if (exceptions.some((entry) => isException(entry, endpoint))) return undefined;
    return endpoint.isSecure ? ofHttps : ofHttp;
  };
}

function parseProxy(text: string, name: string): ProxyAddress {
  try {
    const { isSecure, host, port } = parseEndpointUrl(text);
    return { isSecure, host, port, authorization: basicAuthorization(new URL(text)) };
  } catch (cause) {
    throw new GantryError('invalid-argument', `${name} is no http or https URL`, { cause });
  }
}

/** As most programs read NO_PROXY: `*`, a host, or the end of a name, with or without a dot before it; a port may follow. */
function isException(entry: string, { host, port }: EndpointUrl): boolean {
  if (entry === '*') return true;
  const [, name = entry, portText] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (isIP(entry) !== 6 && portText !== undefined && Number(portText) !== port) return false;
  const end = (isIP(entry) === 6 ? entry : name).toLowerCase().replace(/^\*?\./, '');
  const lower = host.toLowerCase();
  return lower === end || (isIP(host) === 0 && lower.endsWith(`.${end}`));
}

/**
 * A TLS connection to the endpoint through the proxy, which sees only where it goes (CONNECT).
 * @throws Error where the proxy refuses, or does not answer in time
 */
export async function tunnel(
  proxy: ProxyAddress,
  endpoint: EndpointUrl,
  { secureContext, signal }: { readonly secureContext: SecureContext | undefined; readonly signal: AbortSignal },
): Promise<Socket> {
  const host = isIP(endpoint.host) === 6 ? `[${endpoint.host}]` : endpoint.host;
  const socket = await connectThrough(proxy, `${host}:${endpoint.port}`, signal);
  return connectTls({
    socket,
    ...(isIP(endpoint.host) === 0 ? { servername: endpoint.host } : { host: endpoint.host }),
    ...(secureContext && { secureContext }),
  });
}

function connectThrough(proxy: ProxyAddress, authority: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = (proxy.isSecure ? httpsRequest : httpRequest)({
      method: 'CONNECT',
      host: proxy.host,
      port: proxy.port,
      path: authority,
      headers: { Host: authority, ...(proxy.authorization && { 'Proxy-Authorization': proxy.authorization }) },
      maxHeaderSize: deliveryLimits.answerHeaderBytesMax,
      agent: false,
      signal,
    });
    const refuse = (statusCode: number | undefined) => {
      request.destroy();
      reject(new Error(`the proxy answered ${statusCode ?? 0} to CONNECT`));
    };
    const timer = setTimeout(
      () => request.destroy(new Error('the proxy did not answer in time')),
      deliveryLimits.answerMsMax,
    );
    request.once('connect', (response, socket: Socket) => {
      clearTimeout(timer);
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      refuse(response.statusCode);
    });
    request.once('response', (response) => refuse(response.statusCode));
    request.on('error', reject);
    request.once('close', () => clearTimeout(timer));
    request.end();
  });
}

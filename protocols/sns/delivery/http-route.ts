import type { Agent as HttpAgent, RequestOptions } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { isIP, type LookupFunction, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { EndpointUrl } from './endpoint-url.ts';
import { type ProxyAddress, type ProxyChoice, tunnel } from './proxy.ts';

/** How a post gets to its endpoint. */
export interface Route {
  /** Of the connection that is made, which may be the proxy's. */
  readonly isSecure: boolean;
  readonly options: RequestOptions;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RouteOptions {
  readonly chooseProxy: ProxyChoice;
  readonly lookup: LookupFunction;
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
  readonly secureContext: SecureContext | undefined;
  /** Breaks off what has to be done before there is a connection. */
  readonly signal: AbortSignal;
}

export function routeTo(endpoint: EndpointUrl, options: RouteOptions): Route {
  const proxy = options.chooseProxy(endpoint);
  if (proxy === undefined) return directRoute(endpoint, options);
  return endpoint.isSecure ? tunnelRoute(endpoint, proxy, options) : relayRoute(endpoint, proxy);
}

function directRoute({ isSecure, host, port, path }: EndpointUrl, { lookup, agents }: RouteOptions): Route {
  const agent = isSecure ? agents.https : agents.http;
  return { isSecure, options: { host, port, path, lookup, agent }, headers: {} };
}

/** The proxy reads the whole URL. No connection is kept: those to the proxy would be everybody's. */
function relayRoute(endpoint: EndpointUrl, proxy: ProxyAddress): Route {
  const { isSecure, host, port, authorization } = proxy;
  return {
    isSecure,
    options: { host, port, path: endpoint.href, agent: false },
    headers: {
      ...(authorization !== undefined && { 'Proxy-Authorization': authorization }),
    },
  };
}

function tunnelRoute(endpoint: EndpointUrl, proxy: ProxyAddress, options: RouteOptions): Route {
  const { host, port, path } = endpoint;
  return {
    isSecure: true,
    options: {
      ...{ host: isIP(host) === 6 ? `[${host}]` : host, port, path },
      createConnection: (_, done) => {
        tunnel(proxy, endpoint, options).then(
          (socket) => done(null, socket),
          (error: Error) => done(error, new Socket()),
        );
        return undefined;
      },
    },
    headers: {},
  };
}

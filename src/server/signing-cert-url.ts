import { reachableUrl } from './addresses.ts';
import type { Config } from './config.ts';
import type { ServerStatus } from './health.ts';

/** By which this machine reaches the broker; '' where there is no listener. */
export function ownUrl({ listeners }: Pick<ServerStatus, 'listeners'>): string {
  return reachableUrl(listeners.get('http')?.[0] ?? listeners.get('https')?.[0] ?? '');
}

/**
 * Where validators are sent for the certificate of SNS messages. They take nothing but HTTPS: where an HTTPS port is open,
 * it is that of the host by which the publisher came.
 * @param httpsUrl of the first HTTPS listener; undefined: there is none
 */
export function signingCertBase(
  { snsSigningCertUrl, publicUrl }: Pick<Config, 'snsSigningCertUrl' | 'publicUrl'>,
  httpsUrl: () => string | undefined,
): (baseUrl: string) => string {
  return (baseUrl) => {
    if (snsSigningCertUrl !== undefined) return snsSigningCertUrl;
    const https = httpsUrl();
    if (https === undefined || baseUrl === publicUrl || !baseUrl.startsWith('http://')) return baseUrl;
    return `https://${new URL(baseUrl).hostname}:${new URL(https).port}`;
  };
}

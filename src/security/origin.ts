import { isIP } from 'node:net';

/** What a browser says about the page that asks; other clients send neither `origin` nor `fetchSite`. */
export interface Caller {
  /** `Origin`. */
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`. */
  readonly fetchSite: string | undefined;
  readonly host: string | undefined;
}
export interface OriginRules {
  /** `*`: every one. */
  readonly corsOrigins: readonly string[];
  readonly publicUrl: string | undefined;
  /** Who asks need not prove who it is, so a name that was pointed here must not be enough to read and to delete. */
  readonly isOpen?: boolean | undefined;
}

/**
 * Keeps pages of other sites away from a broker that trusts whoever can reach it: a browser on the same machine can.
 * @returns 'own': nothing to say; 'named': allowed by configuration, the answer must name the origin; 'foreign': refuse
 */
export function judgeOrigin({ origin, fetchSite, host }: Caller, rules: OriginRules): 'own' | 'named' | 'foreign' {
  if (origin === undefined) {
    // A browser leaves `Origin` out of a GET of the page's own site, so there the host alone can tell on rebinding.
    // Of a page that came by plain HTTP under a name it says no `Sec-Fetch-Site` either [Fetch Metadata, 2.2].
    const isOwn =
      (fetchSite === undefined && !(rules.isOpen === true && isOthersHost(host, rules.publicUrl))) ||
      fetchSite === 'none' ||
      (fetchSite === 'same-origin' && (isOwnHost(host) || isPublicHost(host, rules.publicUrl)));
    return isOwn || rules.corsOrigins.includes('*') ? 'own' : 'foreign';
  }
  if (rules.corsOrigins.includes(origin) || rules.corsOrigins.includes('*')) return 'named';
  return isOwnAddress(origin, host) || isPublicUrl(origin, rules.publicUrl) ? 'own' : 'foreign';
}

/**
 * The page came from this listener. A name other than localhost does not count: its owner can point it here after the
 * page was loaded (DNS rebinding), and then `Origin` and `Host` agree.
 */
function isOwnAddress(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const parsed = new URL(origin);
  const address = parsed.hostname.replace(/^\[|\]$/g, '');
  return parsed.host === host.toLowerCase() && (address === 'localhost' || isIP(address) !== 0);
}

function isOwnHost(host: string | undefined): boolean {
  return host !== undefined && isOwnAddress(`http://${host}`, host);
}

/** A name that somebody else may own: programs use such a one too, but a page's GET looks the same. */
function isOthersHost(host: string | undefined, publicUrl: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`) || isPublicHost(host, publicUrl)) return false;
  const { hostname } = new URL(`http://${host}`);
  const isLocal = !hostname.includes('.') || hostname.endsWith('.localhost');
  return !isLocal && isIP(hostname) === 0;
}

function isPublicHost(host: string | undefined, publicUrl: string | undefined): boolean {
  return host !== undefined && publicUrl !== undefined && new URL(publicUrl).host === host.toLowerCase();
}

function isPublicUrl(origin: string, publicUrl: string | undefined): boolean {
  return publicUrl !== undefined && new URL(publicUrl).origin === origin;
}

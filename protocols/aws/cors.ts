import type { Heads } from './heads.ts';

/**
 * Browsers may call from pages of other sites only where that was configured: a broker on localhost is otherwise open to
 * every page that its developer visits.
 * @returns the origin to name in the answer, 'none' where nothing need be named, 'refused'
 */
export function judgeOrigin(heads: Heads, allowed: readonly string[]): { readonly allow: string } | 'none' | 'refused' {
  if (heads.origin === undefined) {
    return heads.fetchSite === 'cross-site' && !allowed.includes('*') ? 'refused' : 'none';
  }
  if (allowed.includes('*') || allowed.includes(heads.origin)) return { allow: heads.origin };
  return hostOf(heads.origin) === heads.host?.toLowerCase() ? 'none' : 'refused';
}

/** What a browser is told besides; the flat list that `writeHead` takes. */
export function corsHeaders(origin: string): readonly string[] {
  return [
    'Access-Control-Allow-Origin',
    origin,
    'Access-Control-Expose-Headers',
    'x-amzn-requestid,x-amzn-query-error,x-amzn-errortype,x-gantry-hint,date',
    'Vary',
    'Origin',
  ];
}

export function preflightHeaders(): readonly string[] {
  return [
    'Access-Control-Allow-Methods',
    'GET,HEAD,POST,OPTIONS',
    'Access-Control-Allow-Headers',
    'authorization,content-type,x-amz-target,x-amz-date,x-amz-security-token,x-amz-content-sha256,x-amz-user-agent,x-amzn-query-mode,x-amzn-trace-id,amz-sdk-invocation-id,amz-sdk-request',
    'Access-Control-Max-Age',
    '600',
  ];
}

/** 'null' and what is no URL have no host, so they are of another site. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

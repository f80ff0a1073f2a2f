/** What a browser is told whose page may call us; flat lists, as `writeHead` takes them. */
export function corsHeaders(origin: string): readonly string[] {
  return [
    'Access-Control-Allow-Origin',
    origin,
    'Access-Control-Expose-Headers',
    'x-amzn-requestid,x-amzn-query-error,x-gantry-hint,date',
    'Vary',
    'Origin',
  ];
}

/** Besides, for the question before the request. */
export const preflightHeaders: readonly string[] = [
  'Access-Control-Allow-Methods',
  'GET,HEAD,POST,OPTIONS',
  'Access-Control-Allow-Headers',
  'authorization,content-type,x-amz-target,x-amz-date,x-amz-security-token,x-amz-content-sha256,x-amz-user-agent,x-amzn-query-mode,x-amzn-trace-id,amz-sdk-invocation-id,amz-sdk-request',
  'Access-Control-Max-Age',
  '600',
];

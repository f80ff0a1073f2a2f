import type { LaunchOptions } from '../../support/launch.ts';
import type { HeardPost } from './http-endpoint.ts';

/** For a broker whose functions are invoked at that address. */
export function serveFunctionsAt(url: string): LaunchOptions & { readonly args: readonly string[] } {
  return { args: ['--lambda-endpoint', url] };
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

/** What Lambda's Invoke names outside of the event: function and type. */
export function invokedAs({ path, headers }: HeardPost): readonly [string | undefined, unknown] {
  const name = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/.exec(path)?.[1];
  return [name, headers['x-amz-invocation-type']];
}

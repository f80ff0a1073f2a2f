/**
 * The request headers that the AWS protocols look at, picked out of the raw list in one pass. Frugal: node's own `headers`
 * object folds, lower-cases and joins every header of every request (bench/send); here a header whose length is no one's
 * costs one comparison. Where a header is repeated the first one counts.
 */
export class Heads {
  target: string | undefined;
  authorization: string | undefined;
  host: string | undefined;
  contentLength: string | undefined;
  contentType: string | undefined;
  origin: string | undefined;
  fetchSite: string | undefined;
  traceId: string | undefined;
  traceparent: string | undefined;
  forwardedProto: string | undefined;
  forwardedHost: string | undefined;

  constructor(raw: readonly string[]) {
    for (let i = 0; i + 1 < raw.length; i += 2) this.note(raw[i] ?? '', raw[i + 1] ?? '');
  }

  private note(name: string, value: string): void {
    switch (name.length) {
      case 4:
        if (is(name, 'host')) this.host ??= value;
        return;
      case 6:
        if (is(name, 'origin')) this.origin ??= value;
        return;
      case 11:
        if (is(name, 'traceparent')) this.traceparent ??= value;
        return;
      case 12:
        if (is(name, 'x-amz-target')) this.target ??= value;
        else if (is(name, 'content-type')) this.contentType ??= value;
        return;
      case 13:
        if (is(name, 'authorization')) this.authorization ??= value;
        return;
      case 14:
        if (is(name, 'content-length')) this.contentLength ??= value;
        else if (is(name, 'sec-fetch-site')) this.fetchSite ??= value;
        return;
      case 15:
        if (is(name, 'x-amzn-trace-id')) this.traceId ??= value;
        return;
      case 16:
        if (is(name, 'x-forwarded-host')) this.forwardedHost ??= value;
        return;
      case 17:
        if (is(name, 'x-forwarded-proto')) this.forwardedProto ??= value;
        return;
    }
  }
}

function is(name: string, wanted: string): boolean {
  return name === wanted || name.toLowerCase() === wanted;
}

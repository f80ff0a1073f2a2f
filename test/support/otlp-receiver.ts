import { once } from 'node:events';
import { createServer } from 'node:http';

/** A span as OTLP's JSON has it [opentelemetry-proto, JSON Protobuf encoding]; ids are hexadecimal, `''` is none. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly resource: Readonly<Record<string, unknown>>;
}
interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}
interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** Takes what an OTLP exporter sends over HTTP in JSON, as a collector does, and decodes it: nothing more. */
export async function createOtlpReceiver() {
  const spans: ReceivedSpan[] = [];
  const paths = new Set<string>();
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    paths.add(request.url ?? '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: OtlpBody = JSON.parse(Buffer.concat(chunks).toString());
    spans.push(...decode(body));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    for (const look of waiting) look();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    spans,
    paths,
    /** Settles when a span of that name has come. */
    span: (name: string): Promise<ReceivedSpan> =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = spans.find((span) => span.name === name);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function decode({ resourceSpans }: OtlpBody): readonly ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId = '', name, kind, links = [], attributes = [], ...times }) => ({
        ...{ traceId, spanId, parentSpanId, name, kind },
        startMs: Number(BigInt(times.startTimeUnixNano) / 1_000_000n),
        endMs: Number(BigInt(times.endTimeUnixNano) / 1_000_000n),
        links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
        attributes: plain(attributes),
        resource: plain(resource.attributes),
      })),
    ),
  );
}

/** Each value is under the name of its type. */
function plain(attributes: readonly OtlpAttribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** Where spans go: OpenTelemetry's SDK with its exporter for OTLP over HTTP. Loaded only where traces are on. */
import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Log } from '../log.ts';

export interface Export {
  readonly tracer: Tracer;
  stop(): Promise<void>;
}
interface ExportOptions {
  /** Undefined: the SDK reads it from the environment, as it does the sampler, the headers and the bounds of its queue. */
  readonly url: string | undefined;
  readonly version: string;
  readonly log: Log;
}

/** What is left at a stop has this long: a collector that is not there must not hold a stop up. */
const stopMsMax = 2_000;
const warningEveryMs = 60_000;

/** The queue is the SDK's, 2,048 spans unless OTEL_BSP_MAX_QUEUE_SIZE says otherwise; above it spans are dropped. */
export function createExport({ url, version, log }: ExportOptions): Export {
  const exporter = new OTLPTraceExporter(url === undefined ? {} : { url });
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'gantry', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(withWarnings(exporter, log))],
  });
  let stopping: Promise<void> | undefined;
  return {
    tracer: provider.getTracer('gantry', version),
    stop: () => {
      stopping ??= atMost(stopMsMax, provider.shutdown());
      return stopping;
    },
  };
}

/** A collector that does not take spans is told of once a minute, with how many were lost. */
function withWarnings(exporter: SpanExporter, log: Log): SpanExporter {
  let lost = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) {
          lost += spans.length;
          const now = performance.now();
          if (now - saidAt >= warningEveryMs) {
            log.warn('traces-not-sent', { spans: lost, why: result.error?.message ?? 'the collector refused them' });
            saidAt = now;
            lost = 0;
          }
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => undefined), late]); // What could not be sent was told of already.
  clearTimeout(timer);
}

import type { Carry, Events } from '../../core/broker.ts';
import { GantryError } from '../../model/errors.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';

export interface Traces {
  /** For core: what messages carry on. */
  readonly carry: Carry;
  listen(events: Events): void;
  /** Sends what is left, for a moment; harmless twice. */
  stop(): Promise<void>;
}
interface TracesOptions {
  readonly config: Pick<Config, 'otlpEndpoint'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly log: Log;
}

/**
 * Off unless a collector is named, by `--otlp-endpoint` or as OpenTelemetry names it for every program; then nothing
 * is loaded.
 * @throws GantryError `unsupported` when the libraries were left out of the installation
 */
export async function startTraces({ config, environment, version, log }: TracesOptions): Promise<Traces | undefined> {
  const { otlpEndpoint } = config;
  if (otlpEndpoint === undefined && !isAskedFor(environment)) return undefined;
  const [{ createExport }, { Spans }] = await Promise.all([import('./export.ts'), import('./spans.ts')]).catch(
    (cause: unknown) => {
      throw isMissing(cause) ? notInstalled(otlpEndpoint !== undefined) : cause;
    },
  );
  const { tracer, stop } = createExport({ url: otlpEndpoint && tracesUrl(otlpEndpoint), version, log });
  const spans = new Spans(tracer);
  return { carry: spans.carry, listen: (events) => spans.listen(events), stop };
}

/** By the variables that the SDK itself reads, where they say where to. */
function isAskedFor(environment: TracesOptions['environment']): boolean {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || environment.OTEL_TRACES_EXPORTER === 'none')
    return false;
  return Boolean(environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || environment.OTEL_EXPORTER_OTLP_ENDPOINT);
}

/** An endpoint is of all signals; the path is that of traces. */
function tracesUrl(endpoint: string): string {
  return endpoint.endsWith('/v1/traces') ? endpoint : `${endpoint}/v1/traces`;
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
}

function notInstalled(isOption: boolean): GantryError {
  const asked = isOption ? '--otlp-endpoint' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  return new GantryError(
    'unsupported',
    `${asked} asks for traces, whose libraries are not installed: npm install @opentelemetry/api @opentelemetry/resources @opentelemetry/sdk-trace-base @opentelemetry/exporter-trace-otlp-http`,
  );
}

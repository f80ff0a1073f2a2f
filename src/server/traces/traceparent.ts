import type { SpanContext } from '@opentelemetry/api';

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s;
const charactersMax = 512;

/** Reads a W3C trace context. @returns undefined when it is none, as the sender's mistake is no reason to refuse a message */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  if (text === undefined || text.length > charactersMax) return undefined;
  const [, version = 'ff', traceId = '', spanId = '', flags = '', later] = pattern.exec(text) ?? [];
  if (version === 'ff' || (version === '00' && later !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}

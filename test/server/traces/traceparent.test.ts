import { expect, test } from 'vitest';
import { parseTraceparent, traceparentOf } from '../../../src/server/traces/traceparent.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test.each([
  ['sampled', `00-${traceId}-${spanId}-01`, 1],
  ['not sampled', `00-${traceId}-${spanId}-00`, 0],
  ['with flags that are still to come', `00-${traceId}-${spanId}-ff`, 1],
  ['of a later version', `01-${traceId}-${spanId}-01`, 1],
  ['of a later version that says more', `cc-${traceId}-${spanId}-01-what`, 1],
])('a trace context %s is understood [W3C trace context 3.2]', (_, text, traceFlags) => {
  const context = parseTraceparent(text);

  expect(context).toEqual({ traceId, spanId, traceFlags, isRemote: true });
  expect(context && traceparentOf(context)).toBe(`00-${traceId}-${spanId}-0${traceFlags}`);
});

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['a word', 'yes'],
  ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['the forbidden version', `ff-${traceId}-${spanId}-01`],
  ['more than version 00 has', `00-${traceId}-${spanId}-01-more`],
  ['a short trace', `00-${traceId.slice(1)}-${spanId}-01`],
  ['a later version without end', `01-${traceId}-${spanId}-01-${'a'.repeat(1_000)}`],
])('%s is no trace context', (_, text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

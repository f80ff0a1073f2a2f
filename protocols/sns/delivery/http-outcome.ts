import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Answer } from './http-exchange.ts';
import { reasonOf } from './reason.ts';

/**
 * 2xx is delivered, 5xx and 429 are worth another try, all else never will be: AWS follows no redirect either
 * [SNS Message delivery retries].
 */
export function outcomeOfAnswer({ statusCode, retryAfter, text }: Answer, now: number): PushOutcome {
  if (statusCode >= 200 && statusCode < 300) return { type: 'delivered', statusCode, response: text };
  const reason = `the endpoint answered ${statusCode}`;
  if (statusCode !== 429 && (statusCode < 500 || statusCode > 599)) return { type: 'failed', reason, statusCode };
  const afterMs = retryAfterMs(retryAfter, now);
  return { type: 'retry', reason, statusCode, ...(afterMs !== undefined && { afterMs }) };
}

/** Without an answer: what is wrong with the request stays wrong, what is wrong out there may be better next time. */
export function outcomeOfError(error: unknown): PushOutcome {
  const reason = reasonOf(error);
  if (error instanceof GantryError) return { type: error.code === 'unavailable' ? 'retry' : 'failed', reason };
  return { type: isOurRequest(error) ? 'failed' : 'retry', reason };
}

/** Node's own refusals of a header or of a path. */
function isOurRequest(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^ERR_(INVALID|UNESCAPED)_/.test(code);
}

/** Seconds, or a date [RFC 9110 10.2.3]; undefined: neither. */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

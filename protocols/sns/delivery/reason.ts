import { deliveryLimits } from './limits.ts';

/** What a delivery's status says of an error. */
export function reasonOf(error: unknown): string {
  // Of several addresses tried, each has its error, and the whole has no text.
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, deliveryLimits.reasonLengthMax);
}

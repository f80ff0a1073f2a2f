import { onTestFinished } from 'vitest';
import { type Gantry, type GantryOptions, startGantry } from '../../src/index.ts';

/** A broker of the test's own. */
export async function startWorld(options?: GantryOptions): Promise<Gantry> {
  const gantry = await startGantry(options);
  onTestFinished(() => gantry.stop());
  return gantry;
}

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly hint: string | null;
  readonly output: Readonly<Record<string, unknown>>;
}

/** One operation in AWS JSON. @param streamed its body is not whole at once: it goes through node:http */
export async function ask(
  { endpoint }: Pick<Gantry, 'endpoint'>,
  operation: string,
  input: object,
  isStreamed = false,
): Promise<Answer> {
  const text = JSON.stringify(input);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'X-Amz-Target': `AmazonSQS.${operation}`, 'Content-Type': 'application/x-amz-json-1.0' },
    ...(isStreamed ? { body: new Blob([text]).stream(), duplex: 'half' } : { body: text }),
  });
  const answered = await response.text();
  const output: Readonly<Record<string, unknown>> = answered === '' ? {} : JSON.parse(answered);
  const type = typeof output.__type === 'string' ? output.__type : undefined;
  return { status: response.status, type, hint: response.headers.get('x-gantry-hint'), output };
}

/** The bodies that a receive gives, in order. */
export async function receive(gantry: Gantry, input: object): Promise<readonly string[]> {
  const { output } = await ask(gantry, 'ReceiveMessage', { MaxNumberOfMessages: 10, ...input });
  const messages = Array.isArray(output.Messages) ? output.Messages : [];
  return messages.map(({ Body }: { readonly Body: unknown }) => String(Body));
}

/** Settles when so many receives wait. */
export async function untilWaiting(gantry: Gantry, count: number): Promise<void> {
  for (;;) {
    const text = await (await fetch(`${gantry.endpoint}/metrics`)).text();
    if (text.includes(`gantry_waiting_receives ${count}\n`)) return;
  }
}

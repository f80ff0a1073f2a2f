import { findEndpoint } from './endpoint.ts';
import { exitCodes, Unreachable } from './exit-codes.ts';
import type { Flags } from './flags.ts';
import { isUntrusted, requestFor, trustHint } from './http-client.ts';
import { printText } from './output.ts';

const answerMsMax = 5_000;
const answerBytesMax = 1 << 20;

/** Prints the broker's own words. Made for container health checks: no other program is needed. */
export async function askHealth(flags: Flags): Promise<number> {
  const { endpoint: [asked] = [], ready, ...others } = flags;
  const path = ready === undefined ? '/health' : '/health/ready';
  const { status, text } = await fetchText(new URL(path, await findEndpoint(asked, others)));
  await printText(text.replace(/\n$/, ''));
  return status === 200 ? exitCodes.ok : exitCodes.failed;
}

/** @throws Unreachable */
export async function fetchText(
  url: URL,
  limitMs = answerMsMax,
): Promise<{ readonly status: number; readonly text: string }> {
  const send = await requestFor(url);
  return await new Promise((resolve, reject) => {
    const fail = (why: string, hint?: string): void =>
      reject(
        new Unreachable('unavailable', `no broker answers at ${url.origin}: ${why}`, {
          ...{ resource: url.origin },
          ...(hint === undefined ? {} : { hint }),
        }),
      );
    const request = send(url, { agent: false, signal: AbortSignal.timeout(limitMs) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > answerBytesMax) request.destroy(new Error('its answer is too long to be a broker'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', (error) => fail(error.message));
    });
    request.on('error', (error) => {
      const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
      fail(isLate ? `not within ${limitMs} ms` : error.message, isUntrusted(error) ? trustHint : undefined);
    });
    request.end();
  });
}

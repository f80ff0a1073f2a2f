import { SNSClient, type SNSServiceException } from '@aws-sdk/client-sns';
import { onTestFinished } from 'vitest';

/** The SNS client of the JavaScript SDK, closed when the test ends. */
export function snsClient({ endpoint }: { readonly endpoint: string }, region = 'us-east-1'): SNSClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SNSClient({ endpoint, region, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

/** What the call fails with, as AWS says it. @throws Error when it does not fail */
export async function failure(
  call: Promise<unknown>,
): Promise<{ status: number | undefined; code: string; message: string }> {
  try {
    await call;
  } catch (error) {
    if (!isServiceError(error)) throw error;
    const code: unknown = Reflect.get(error, 'Code') ?? Reflect.get(Object(Reflect.get(error, 'Error')), 'Code');
    return { status: error.$metadata.httpStatusCode, code: String(code ?? error.name), message: error.message };
  }
  throw new Error('it did not fail');
}

function isServiceError(error: unknown): error is SNSServiceException {
  return error instanceof Error && '$metadata' in error;
}

/** One operation over AWS JSON, as no SDK sends it today. */
export async function askJson({ endpoint }: { readonly endpoint: string }, operation: string, input: object) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'X-Amz-Target': `AmazonSimpleNotificationService.${operation}`,
      'Content-Type': 'application/x-amz-json-1.0',
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  const output: Readonly<Record<string, unknown>> = text === '' ? {} : JSON.parse(text);
  return { status: response.status, output };
}

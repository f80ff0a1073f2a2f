import type { Endpoint } from './endpoint.ts';
import type { Plan, Run } from './plan.ts';
import { filler, runNumber } from './requests.ts';

type PublishPlan = Extract<Plan, { do: 'publish' }>;

/** Publishes to one topic again and again, each time another body of the same length. */
export class PublishScript {
  private readonly bytes: Buffer;
  private readonly bodyAt: number;

  constructor(endpoint: Endpoint, plan: PublishPlan) {
    const body = runNumber() + filler();
    this.bytes = Buffer.from(publishText(endpoint, plan, body), 'latin1');
    this.bodyAt = this.bytes.indexOf(body);
  }

  next(run: Run): Uint8Array | undefined {
    if (!run.claim(1)) return undefined;
    const number = runNumber();
    this.bytes.write(number, this.bodyAt, number.length, 'latin1');
    return this.bytes;
  }

  take(run: Run, bytes: Buffer, from: number, to: number): string | undefined {
    run.sent++;
    const answer = bytes.subarray(from, to);
    return answer.includes('<MessageId>') ? undefined : `no message id: ${answer.toString()}`;
  }
}

function publishText({ host, port }: Endpoint, { topicArn, event }: PublishPlan, body: string): string {
  const attribute = 'MessageAttributes.entry.1';
  const fields = [
    ['Action', 'Publish'],
    ['Version', '2010-03-31'],
    ['TopicArn', topicArn],
    ['Message', body],
    ...(event === undefined
      ? []
      : [
          [`${attribute}.Name`, 'event'],
          [`${attribute}.Value.DataType`, 'String'],
          [`${attribute}.Value.StringValue`, event],
        ]),
  ];
  const form = fields.map(([name, value = '']) => `${name}=${encodeURIComponent(value)}`).join('&');
  return [
    'POST / HTTP/1.1',
    `Host: ${host}:${port}`,
    'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
    'X-Amz-Date: 20260101T000000Z',
    `Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=${'0'.repeat(64)}`,
    `Content-Length: ${form.length}`,
    '',
    form,
  ].join('\r\n');
}

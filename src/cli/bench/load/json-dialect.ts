import type { Dialect } from './dialect.ts';
import type { Endpoint } from './endpoint.ts';

const receiptStart = Buffer.from('"ReceiptHandle":"');

export const jsonDialect: Dialect = {
  requestText: (endpoint, operation, input) => jsonText(endpoint, operation, JSON.stringify(input)),
  deleteText: (endpoint, queueUrl, receipts) => {
    let entries = '';
    receipts.forEach((receipt, index) => {
      entries += `${index === 0 ? '' : ','}{"Id":"d${index}","ReceiptHandle":"${receipt}"}`;
    });
    return jsonText(endpoint, 'DeleteMessageBatch', `{"QueueUrl":${JSON.stringify(queueUrl)},"Entries":[${entries}]}`);
  },
  findReceipts: (answer) => {
    const receipts: string[] = [];
    for (let at = answer.indexOf(receiptStart); at >= 0; at = answer.indexOf(receiptStart, at)) {
      const end = answer.indexOf(0x22, at + receiptStart.length);
      receipts.push(answer.toString('latin1', at + receiptStart.length, end));
      at = end;
    }
    return receipts;
  },
  hasFailedEntry: (answer) => answer.includes('"Failed":[{'),
  digestsOfSent: (answer) => allOf(answer, /"MD5OfMessageBody":"([0-9a-f]{32})"/g),
  readMessages: (answer) => ({
    bodies: allOf(answer, /"Body":"([^"]*)"/g),
    digests: allOf(answer, /"MD5OfBody":"([0-9a-f]{32})"/g),
  }),
};

function allOf(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** As an SDK sends it, without the headers that neither side reads. Everybody signs, so everybody pays for the length. */
function jsonText(endpoint: Endpoint, operation: string, body: string): string {
  const signature = '0'.repeat(64);
  return [
    'POST / HTTP/1.1',
    `Host: ${endpoint.host}:${endpoint.port}`,
    'Content-Type: application/x-amz-json-1.0',
    `X-Amz-Target: AmazonSQS.${operation}`,
    'X-Amz-Date: 20260101T000000Z',
    `Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${signature}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

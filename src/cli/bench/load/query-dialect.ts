import type { Dialect } from './dialect.ts';
import type { Endpoint } from './endpoint.ts';

const receiptStart = Buffer.from('<ReceiptHandle>');

export const queryDialect: Dialect = {
  requestText: (endpoint, operation, input) => queryText(endpoint, formOf(operation, input)),
  deleteText: (endpoint, queueUrl, receipts) => {
    let form = `Action=DeleteMessageBatch&Version=2012-11-05&QueueUrl=${encodeURIComponent(queueUrl)}`;
    receipts.forEach((receipt, index) => {
      const entry = `&DeleteMessageBatchRequestEntry.${index + 1}`;
      form += `${entry}.Id=d${index}${entry}.ReceiptHandle=${encodeURIComponent(receipt)}`;
    });
    return queryText(endpoint, form);
  },
  findReceipts: (answer) => {
    const receipts: string[] = [];
    for (let at = answer.indexOf(receiptStart); at >= 0; at = answer.indexOf(receiptStart, at)) {
      const end = answer.indexOf(0x3c, at + receiptStart.length);
      receipts.push(unescapeXml(answer.toString('latin1', at + receiptStart.length, end)));
      at = end;
    }
    return receipts;
  },
  hasFailedEntry: (answer) => answer.includes('<BatchResultErrorEntry>'),
  digestsOfSent: (answer) => allOf(answer, /<MD5OfMessageBody>([0-9a-f]{32})</g),
  readMessages: (answer) => ({
    bodies: allOf(answer, /<Body>([^<]*)</g),
    digests: allOf(answer, /<MD5OfBody>([0-9a-f]{32})</g),
  }),
};

/** As an SDK sends it, and as long a signature as the JSON protocol's. */
function queryText(endpoint: Endpoint, form: string): string {
  return [
    'POST / HTTP/1.1',
    `Host: ${endpoint.host}:${endpoint.port}`,
    'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
    'X-Amz-Date: 20260101T000000Z',
    `Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=${'0'.repeat(64)}`,
    `Content-Length: ${Buffer.byteLength(form)}`,
    '',
    form,
  ].join('\r\n');
}

/** The members of the JSON protocol under the names that the Query protocol has for them. */
function formOf(operation: string, input: object): string {
  const fields = [['Action', operation], ['Version', '2012-11-05'], ...fieldsOf(operation, '', input)];
  return fields.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`).join('&');
}

function fieldsOf(operation: string, prefix: string, input: object): string[][] {
  return Object.entries(input).flatMap(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) {
      const item = name === 'Entries' ? `${operation}RequestEntry` : name.replace(/s$/, '');
      return value.flatMap((each: unknown, index) => fieldOrFields(operation, `${prefix}${item}.${index + 1}`, each));
    }
    if (name === 'Attributes' && isObject(value))
      return Object.entries(value).flatMap(([key, text]: [string, unknown], index) => [
        [`${prefix}Attribute.${index + 1}.Name`, key],
        [`${prefix}Attribute.${index + 1}.Value`, String(text)],
      ]);
    return fieldOrFields(operation, `${prefix}${name}`, value);
  });
}

function fieldOrFields(operation: string, name: string, value: unknown): string[][] {
  return isObject(value) ? fieldsOf(operation, `${name}.`, value) : [[name, String(value)]];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function allOf(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map((match) => unescapeXml(match[1] ?? ''));
}

/** A receipt that goes back as it came would be another one; most hold nothing to unescape. */
function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

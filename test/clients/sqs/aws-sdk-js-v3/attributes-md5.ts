import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

/** The digest as AWS describes it, written apart from the broker's own so that the two can disagree. */
export function attributesMd5(attributes: Readonly<Record<string, MessageAttributeValue>>): string {
  const digest = createHash('md5');
  const add = (value: string | Uint8Array): void => {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    const size = new DataView(new ArrayBuffer(4));
    size.setUint32(0, bytes.length);
    digest.update(new Uint8Array(size.buffer)).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    add(name);
    add(DataType);
    digest.update(Uint8Array.of(StringValue === undefined ? 2 : 1));
    add(StringValue ?? BinaryValue ?? '');
  }
  return digest.digest('hex');
}

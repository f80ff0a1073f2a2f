import type { Property } from '../../src/model/message.ts';
import type { Receipt } from '../../storage/store.ts';

/** An attribute as SQS and SNS see it; the transport type follows from the value. */
export interface MessageAttribute {
  readonly name: string;
  /** `String`, `Number` or `Binary`, with the sender's own suffix. */
  readonly dataType: string;
  readonly value: string | Uint8Array;
}

/** Our properties and AWS's attributes, both ways [crossing.md section 2]. */
export function toProperty({ name, dataType, value }: MessageAttribute): Property {
  if (typeof value !== 'string') return { name, type: 'binary', value, ...labelOf(dataType, 'Binary') };
  return dataType.startsWith('Number')
    ? { name, type: 'number', value, ...labelOf(dataType, 'Number') }
    : { name, type: 'string', value, ...labelOf(dataType, 'String') };
}

export function fromProperty(property: Property): MessageAttribute {
  const { name, label } = property;
  switch (property.type) {
    case 'binary':
    case 'uuid':
      return { name, dataType: label ?? 'Binary', value: property.value };
    case 'number':
    case 'decimal':
      return { name, dataType: label ?? 'Number', value: property.value };
    case 'string':
    case 'symbol':
    case 'char':
      return { name, dataType: label ?? 'String', value: property.value };
    case 'boolean':
    case 'null':
      return { name, dataType: label ?? `String.${property.type}`, value: String(property.value) };
    default:
      return { name, dataType: label ?? `Number.${property.type}`, value: String(property.value) };
  }
}

/** Brand's maker: any text may be tried as a receipt, the store judges it. */
export function toReceipt(handle: string): Receipt {
  return handle as Receipt;
}

/** Twenty digits, so that the order of texts is that of numbers. */
export function sequenceNumber(pos: number): string {
  return String(pos).padStart(20, '0');
}

function labelOf(dataType: string, plain: string): { readonly label?: string } {
  return dataType === plain ? {} : { label: dataType };
}

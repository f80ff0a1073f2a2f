import type { Property } from '../../src/model/message.ts';
import type { Receipt } from '../../storage/store.ts';
import type { MessageAttribute } from './message-attributes.ts';

/** Our properties and SQS's attributes, both ways [crossing.md section 2]. */
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

const uuidScratch = Buffer.alloc(36);
const hexDigits = Buffer.from('0123456789abcdef');
const hyphen = 0x2d;

/** The canonical form of a UUID's 16 bytes. Frugal: one call and one text (bench/send). */
export function uuidText(id: Uint8Array): string {
  let at = 0;
  for (let i = 0; i < 16; i++) {
    const byte = id[i] ?? 0;
    uuidScratch[at++] = hexDigits[byte >> 4] ?? 0;
    uuidScratch[at++] = hexDigits[byte & 15] ?? 0;
    if (i === 3 || i === 5 || i === 7 || i === 9) uuidScratch[at++] = hyphen;
  }
  return uuidScratch.toString('latin1', 0, at);
}

function labelOf(dataType: string, plain: string): { readonly label?: string } {
  return dataType === plain ? {} : { label: dataType };
}

import type { MessageAttribute } from '../aws/mapping.ts';
import type { Members } from '../aws/members.ts';
import { forbiddenCharacters, hasForbiddenCharacter } from './characters.ts';
import { sqsError } from './errors.ts';
import { ownLimits, sqsLimits } from './limits.ts';

const none: readonly MessageAttribute[] = [];

/**
 * Reads and checks the attributes of a message.
 * @throws AwsError `InvalidParameterValue`, `UnsupportedOperation`
 */
export function readAttributes(members: Members): readonly MessageAttribute[] {
  const entries = members.structureMap('MessageAttributes');
  if (entries === undefined || entries.length === 0) return none;
  if (entries.length > sqsLimits.messageAttributesMax) {
    throw invalid(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${sqsLimits.messageAttributesMax}].`,
    );
  }
  return entries.map(([name, value]) => {
    checkName(name);
    return readAttribute(name, value);
  });
}

/** One of the one system attribute there is [SQS SendMessage MessageSystemAttributes]. */
export function readSystemAttributes(members: Members): readonly MessageAttribute[] {
  const entries = members.structureMap('MessageSystemAttributes');
  if (entries === undefined || entries.length === 0) return none;
  return entries.map(([name, value]) => {
    if (name !== 'AWSTraceHeader') {
      throw invalid(`Message system attribute name '${name}' is invalid: only AWSTraceHeader can be set.`);
    }
    const attribute = readAttribute(name, value);
    if (attribute.dataType !== 'String') {
      throw invalid("The message system attribute 'AWSTraceHeader' must be of type String.");
    }
    // What does not count in a message's size must not make ten of them a large answer.
    if (attributeBytes([attribute]) > ownLimits.traceHeaderBytesMax) {
      throw invalid(
        `The message system attribute '${name}' must be shorter than ${ownLimits.traceHeaderBytesMax} bytes.`,
      );
    }
    return attribute;
  });
}

/** What attributes add to the size of a message: names, types and values. */
export function attributeBytes(attributes: readonly MessageAttribute[]): number {
  let bytes = 0;
  for (const { name, dataType, value } of attributes) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(dataType);
    bytes += typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  }
  return bytes;
}

function checkName(name: string): void {
  if (name === '' || Buffer.byteLength(name) > sqsLimits.attributeNameBytesMax) {
    throw invalid('Message (user) attribute names must be shorter than 256 Bytes');
  }
  // AWS tolerates letters with diacritics beside those that its documentation lists.
  if (!/^[\p{L}\p{Nd}_.-]+$/u.test(name) || name.includes('..')) {
    throw invalid(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
    );
  }
  if (/^(aws|amazon)\./i.test(name) || name.startsWith('.') || name.endsWith('.')) {
    throw invalid(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    );
  }
}

function readAttribute(name: string, members: Members): MessageAttribute {
  const dataType = members.text('DataType') ?? '';
  const kind = /^(String|Number|Binary)(\..+)?$/s.exec(dataType)?.[1];
  const isTooLong = Buffer.byteLength(dataType) > sqsLimits.attributeTypeBytesMax;
  if (kind === undefined || isTooLong || hasForbiddenCharacter(dataType)) {
    throw invalid(
      `Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with "String", "Binary", or "Number", but was: ${dataType.slice(0, 300)}`,
    );
  }
  if ((members.texts('StringListValues')?.length ?? 0) + (members.texts('BinaryListValues')?.length ?? 0) > 0) {
    throw sqsError('UnsupportedOperation', 'Message attribute list values in SendMessage operation are not supported.');
  }
  const value = kind === 'Binary' ? members.bytes('BinaryValue') : members.text('StringValue');
  if (value === undefined || value.length === 0) {
    throw invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${kind}'.`);
  }
  if (typeof value === 'string' && hasForbiddenCharacter(value)) throw invalid(forbiddenCharacters);
  if (kind === 'Number' && typeof value === 'string' && !isNumber(value)) {
    throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { name, dataType, value };
}

/** At most 38 significant digits, between -10^128 and 10^126 [SQS message attribute Number]. */
function isNumber(text: string): boolean {
  if (text.length > 1_000 || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return false;
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  const value = Number(text);
  return digits.length <= sqsLimits.numberDigitsMax && value >= -1e128 && value <= 1e126;
}

function invalid(message: string) {
  return sqsError('InvalidParameterValueException', message);
}

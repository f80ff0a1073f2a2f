import type { Property } from '../../src/model/message.ts';
import { toProperty } from '../aws/mapping.ts';
import type { Members } from '../aws/members.ts';
import { mustNotBeNull, snsError } from './errors.ts';
import { snsLimits } from './limits.ts';

const none: readonly Property[] = [];
const typePattern = /^(String|Number|Binary)(?:\..+)?$/s;
const namePattern = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/**
 * The attributes of one message.
 * @param path of the structure they stand in, for the error that quotes it: `''`, `publishBatchRequestEntries.1.member.`
 * @throws AwsError `ParameterValueInvalid`, `ValidationError` (verified) [sqs-sns 2.5]
 */
export function readAttributes(members: Members, path: string): readonly Property[] {
  const entries = members.structureMap('MessageAttributes');
  if (entries === undefined || entries.length === 0) return none;
  return entries.map(([name, value]) => {
    if (!namePattern.test(name) || name.length > snsLimits.attributeNameBytesMax) throw badName(name);
    return readAttribute(name, value, path);
  });
}

function readAttribute(name: string, members: Members, path: string): Property {
  const dataType = members.text('DataType');
  if (dataType === undefined) throw mustNotBeNull(`${path}messageAttributes.${name}.member.dataType`);
  const kind = typePattern.exec(dataType)?.[1];
  const its = `The message attribute '${name}'`;
  if (kind === undefined || dataType.length > snsLimits.attributeTypeLengthMax) {
    throw invalidValue(
      `${its} has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const field = kind === 'Binary' ? 'Binary' : 'String';
  const value = field === 'Binary' ? members.bytes('BinaryValue') : members.text('StringValue');
  const isElsewhere = members.text(field === 'Binary' ? 'StringValue' : 'BinaryValue') !== undefined;
  if (value === undefined && isElsewhere) {
    throw invalidValue(`${its} with type '${dataType}' must use field '${field}'.`);
  }
  if (value === undefined || value.length === 0) {
    throw invalidValue(
      `${its} must contain non-empty message attribute value for message attribute type '${dataType}'.`,
    );
  }
  if (kind === 'Number' && typeof value === 'string' && !isNumber(value)) {
    throw invalidValue(`Could not cast message attribute '${name}' value to number.`);
  }
  return toProperty({ name, dataType, value });
}

/** The first thing that is wrong with it. */
function badName(name: string) {
  if (Buffer.byteLength(name) > snsLimits.attributeNameBytesMax) {
    return invalidValue('Length of message attribute name must be less than 256 bytes.');
  }
  if (name === '') return invalidValue('The message attribute name cannot be empty.');
  if (name.startsWith('.'))
    return invalidValue("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.')) return invalidValue("Invalid message attribute name ending with character '.' was found.");
  const odd = /[^A-Za-z0-9_.-]|(?<=\.)\./u.exec(name)?.[0] ?? '.';
  if (odd === '.') return invalidValue("Message attribute name can not have successive '.' character.");
  const code = `#x${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
  return invalidValue(
    `Invalid non-alphanumeric character '${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
  );
}

function isNumber(text: string): boolean {
  return text.length <= 1_000 && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text);
}

function invalidValue(message: string) {
  return snsError('InvalidParameterValueException', message);
}

import { invalid } from '../errors.ts';
import { mobileLimits } from './limits.ts';

const names: ReadonlySet<string> = new Set(['CustomUserData', 'Enabled', 'Token']);

/** @throws AwsError `InvalidParameter` (verified) [sqs-sns 2.15] */
export function readEndpointAttributes(
  given: readonly (readonly [string, string])[],
): Readonly<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const [name, value] of given) {
    if (!names.has(name)) throw invalid(`Attributes Reason: Invalid attribute name: ${name}`);
    read[name] = name === 'Enabled' ? readEnabled(value) : value;
  }
  checkUserData(read.CustomUserData);
  if (read.Token !== undefined) checkToken(read.Token);
  return read;
}

export function checkUserData(data: string | undefined): void {
  if (data === undefined || Buffer.byteLength(data) <= mobileLimits.userDataBytesMax) return;
  throw invalid(
    'Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding',
  );
}

export function checkToken(token: string): void {
  if (token === '') throw invalid('Token Reason: cannot be empty');
  if (token.length > mobileLimits.tokenCharactersMax) {
    throw invalid(`Token Reason: must be at most ${mobileLimits.tokenCharactersMax} characters long`);
  }
}

export function isSameAttributes(one: Readonly<Record<string, string>>, other: typeof one): boolean {
  return [...names].every((name) => one[name] === other[name]);
}

function readEnabled(value: string): string {
  const lower = value.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower;
  throw invalid('Attributes Reason: Invalid value for attribute: Enabled: must be true or false');
}

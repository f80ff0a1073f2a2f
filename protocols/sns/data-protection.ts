import { GantryError } from '../../src/model/errors.ts';
import { isTooIntricate } from '../aws/json-guard.ts';
import { snsLimits } from './limits.ts';

/** Where a topic keeps it: stored and given back, acting on nothing [sqs-sns 2.13]. */
export const dataProtectionKey = 'DataProtectionPolicy';

/** @returns as it was given; undefined for the empty text, which removes it. @throws GantryError `invalid-argument` */
export function readDataProtection(text: string): string | undefined {
  if (text === '') return undefined;
  if (Buffer.byteLength(text) > snsLimits.policyBytesMax)
    throw refused(`longer than ${snsLimits.policyBytesMax} bytes`);
  const policy = isTooIntricate(Buffer.from(text)) ? undefined : parsed(text);
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) throw refused('failed to parse JSON');
  if (!('Name' in policy && typeof policy.Name === 'string')) throw refused('Name is missing');
  if (!('Version' in policy && policy.Version === '2021-06-01')) throw refused('Version must be 2021-06-01');
  if (!('Statement' in policy && Array.isArray(policy.Statement))) throw refused('Statement is missing');
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The parser's own words quote the input.
  }
}

function refused(why: string): GantryError {
  return new GantryError('invalid-argument', `DataProtectionPolicy Reason: ${why}`);
}

import { frontLimits } from '../limits.ts';
import { doesNotMatch, incomplete, shown } from './errors.ts';

/** What a signature is good for: one key, one day, one region, one service. */
export interface CredentialScope {
  readonly keyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** `20150830/us-east-1/sqs/aws4_request`. */
  readonly text: string;
}

const terminator = 'aws4_request';

/** @throws AwsError `IncompleteSignature`, `SignatureDoesNotMatch` */
export function parseScope(credential: string): CredentialScope {
  const parts = credential.split('/');
  const [keyId = '', date = '', region = '', service = '', end = ''] = parts;
  if (parts.length !== 5 || keyId === '' || credential.length > frontLimits.credentialCharactersMax) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${shown(credential)}'`,
    );
  }
  if (end !== terminator) {
    throw doesNotMatch(`Credential should be scoped with a valid terminator: '${terminator}', not '${shown(end)}'.`);
  }
  if (!/^[a-z0-9-]+$/.test(region) || region.length > frontLimits.regionCharactersMax) {
    throw doesNotMatch(`Credential should be scoped to a valid region, not '${shown(region)}'. `);
  }
  return { keyId, date, region, service, text: `${date}/${region}/${service}/${terminator}` };
}

/** @throws AwsError `SignatureDoesNotMatch` */
export function checkScope(scope: CredentialScope, service: string, dateText: string): void {
  if (scope.service !== service) throw doesNotMatch(`Credential should be scoped to correct service: '${service}'. `);
  const day = dateText.slice(0, 8);
  if (scope.date !== day) {
    throw doesNotMatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${shown(scope.date)}' != '${day}', from '${dateText}'.`,
    );
  }
}

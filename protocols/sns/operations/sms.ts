import { later } from './later.ts';
import { row } from './row.ts';

export const smsRows = [
  row(
    'SetSMSAttributes',
    later(async () => (await import('../handlers/set-sms-attributes.ts')).setSmsAttributes),
  ),
  row(
    'GetSMSAttributes',
    later(async () => (await import('../handlers/get-sms-attributes.ts')).getSmsAttributes),
  ),
  row(
    'CheckIfPhoneNumberIsOptedOut',
    later(async () => (await import('../handlers/check-if-phone-number-is-opted-out.ts')).checkIfPhoneNumberIsOptedOut),
  ),
  row(
    'ListPhoneNumbersOptedOut',
    later(async () => (await import('../handlers/list-phone-numbers-opted-out.ts')).listPhoneNumbersOptedOut),
  ),
  row(
    'OptInPhoneNumber',
    later(async () => (await import('../handlers/opt-in-phone-number.ts')).optInPhoneNumber),
  ),
  row(
    'GetSMSSandboxAccountStatus',
    later(async () => (await import('../handlers/get-sms-sandbox-account-status.ts')).getSmsSandboxAccountStatus),
  ),
  row(
    'CreateSMSSandboxPhoneNumber',
    later(async () => (await import('../handlers/create-sms-sandbox-phone-number.ts')).createSmsSandboxPhoneNumber),
  ),
  row(
    'VerifySMSSandboxPhoneNumber',
    later(async () => (await import('../handlers/verify-sms-sandbox-phone-number.ts')).verifySmsSandboxPhoneNumber),
  ),
  row(
    'DeleteSMSSandboxPhoneNumber',
    later(async () => (await import('../handlers/delete-sms-sandbox-phone-number.ts')).deleteSmsSandboxPhoneNumber),
  ),
  row(
    'ListSMSSandboxPhoneNumbers',
    later(async () => (await import('../handlers/list-sms-sandbox-phone-numbers.ts')).listSmsSandboxPhoneNumbers),
  ),
  row(
    'ListOriginationNumbers',
    later(async () => (await import('../handlers/list-origination-numbers.ts')).listOriginationNumbers),
  ),
];

import { hash } from 'node:crypto';
import { userArn } from '../../../src/security/users.ts';
import type { Call } from '../../aws/service.ts';
import { type Sts, signerOf } from '../sts.ts';

/** Needs no permission, as with AWS. Without users everybody is the root of the account that the credentials name. */
export async function getCallerIdentity(_: Sts, call: Call) {
  const signer = signerOf(call);
  if (signer === undefined) {
    const { account } = call.namespace;
    return { UserId: account, Account: account, Arn: `arn:aws:iam::${account}:root` };
  }
  const { user, account, roleArn } = signer;
  const digits = hash('sha256', user.name, 'hex').toUpperCase().slice(0, 17);
  if (roleArn === undefined) return { UserId: `AIDA${digits}`, Account: account, Arn: userArn(account, user.name) };
  return { UserId: `AROA${digits}:${roleArn.split('/').at(-1)}`, Account: account, Arn: roleArn };
}

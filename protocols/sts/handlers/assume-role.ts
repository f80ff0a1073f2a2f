import { hash } from 'node:crypto';
import { userArn } from '../../../src/security/users.ts';
import type { Call } from '../../aws/service.ts';
import { constraint, denied, invalid, missing } from '../errors.ts';
import { credentialsFor, durationOf, type Sts, signerOf } from '../sts.ts';

const rolePattern = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]{1,510}\/)?([\w+=,.@-]{1,64})$/;

/**
 * There are no roles here: the credentials carry the role's name and account, and may do what the user may who asked for
 * them. So a user gets into the roles of its own account, and an admin into all.
 */
export async function assumeRole(sts: Sts, call: Call) {
  const signer = signerOf(call);
  const text = call.members.text('RoleArn');
  const name = call.members.text('RoleSessionName');
  if (text === undefined) throw missing('roleArn');
  if (name === undefined) throw missing('roleSessionName');
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw constraint('roleSessionName', name, 'satisfy regular expression pattern: [\\w+=,.@-]*');
  }
  const [, partition, account = '', role] = rolePattern.exec(text) ?? [];
  if (role === undefined) throw invalid(`${text.slice(0, 100)} is invalid`);
  if (signer !== undefined && !signer.user.isAdmin && signer.account !== account) {
    const who = signer.roleArn ?? userArn(signer.account, signer.user.name);
    throw denied(`User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${text}`);
  }
  const seconds = durationOf(call, { max: 43_200, default: 3_600 });
  const roleArn = `arn:${partition}:sts::${account}:assumed-role/${role}/${name}`;
  const id = `AROA${hash('sha256', text, 'hex').toUpperCase().slice(0, 17)}`;
  return {
    Credentials: credentialsFor(sts, signer, { seconds, account, roleArn }),
    AssumedRoleUser: { AssumedRoleId: `${id}:${name}`, Arn: roleArn },
  };
}

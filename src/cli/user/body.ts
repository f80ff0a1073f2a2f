import { GantryError } from '../../model/errors.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { newPassword } from '../password.ts';
import { readPolicyFile } from '../policy-file.ts';

/** What the flags say of a user, as the admin API takes it. */
export interface UserBody {
  readonly admin?: boolean;
  readonly account?: string;
  readonly password?: string | null;
  readonly policy?: unknown;
}

/** @throws GantryError `invalid-argument` */
export async function userBody(input: CommandInput): Promise<UserBody> {
  const account = flag(input, 'account');
  const policyFile = flag(input, 'policy');
  if (isSet(input, 'password') && isSet(input, 'passwordFile'))
    throw new GantryError('invalid-argument', '--password and --password-file: say one of them');
  const password = await newPassword(input);
  return {
    ...(isSet(input, 'admin') ? { admin: flag(input, 'admin') !== 'false' } : {}),
    ...(account === undefined ? {} : { account }),
    ...(password === undefined ? {} : { password }),
    ...(policyFile === undefined ? {} : { policy: await readPolicyFile(policyFile) }),
  };
}

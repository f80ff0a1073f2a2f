import type { Call } from '../../aws/service.ts';
import { denied } from '../errors.ts';
import { credentialsFor, durationOf, type Sts, signerOf } from '../sts.ts';

/** Credentials that may do what those may that asked for them, for a while. */
export async function getSessionToken(sts: Sts, call: Call) {
  const signer = signerOf(call);
  if (signer !== undefined && signer.keyId !== signer.parent.id) {
    throw denied('Cannot call GetSessionToken with session credentials');
  }
  const seconds = durationOf(call, { max: 129_600, default: 43_200 });
  const { account } = call.namespace;
  return { Credentials: credentialsFor(sts, signer, { seconds, account, roleArn: undefined }) };
}

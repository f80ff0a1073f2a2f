import { resolveSession } from './sessions.ts';
import type { Signer, Users } from './users.ts';

export interface Signers {
  /**
   * @param token comes with temporary credentials; with a user's own key it says nothing
   * @returns undefined: nobody's key
   */
  find(keyId: string, token: string | undefined): Signer | undefined;
}

export function createSigners(users: Users): Signers {
  return {
    find: (keyId, token) => {
      const owner = users.findKey(keyId);
      if (owner !== undefined) {
        const { user, key } = owner;
        return {
          user,
          keyId,
          secret: key.secret,
          account: key.account,
          expiresAt: Infinity,
          parent: key,
          roleArn: undefined,
        };
      }
      return token === undefined ? undefined : resolveSession(users, keyId, token);
    },
  };
}

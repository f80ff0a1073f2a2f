import { judgeItems } from './judge.ts';
import type { DefinitionKind, DefinitionsContext } from './kind.ts';
import { exportedUser, placeholders, userDefinitionSchema } from './user-definition.ts';
import { planUsers } from './user-plan.ts';

const key = 'users';

/** Users of the store. Those of the configuration file and of users.yaml are not to be seen here: they are its own. */
export const usersKind: DefinitionKind = {
  key,
  schema: userDefinitionSchema,
  foreignKeys: ['policy'],
  placeholders,
  judge: async (items) => {
    const definitions = await judgeItems(key, userDefinitionSchema, items);
    return {
      plan: async (context, options) => {
        const refusal = refusalOf(context);
        if (refusal !== undefined) throw refusal;
        return await planUsers(definitions, context, options);
      },
    };
  },
  export(context, prefix) {
    if (refusalOf(context) !== undefined) return undefined;
    const { access, scope } = context;
    const ofFiles = new Set(access.fileUsers.map(({ name }) => name));
    return access
      .storedUsers()
      .filter(({ name, account }) => name.startsWith(prefix) && (scope.account ?? account) === account)
      .filter(({ name }) => !ofFiles.has(name))
      .map(exportedUser);
  },
};

/** As all that is about users: even what a comparison shows is for admins alone. */
function refusalOf({ access, principal }: DefinitionsContext) {
  return access.authorize(principal, 'admin', { type: 'broker' });
}

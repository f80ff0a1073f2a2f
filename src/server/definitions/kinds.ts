import type { DefinitionKind } from './kind.ts';
import { queuesKind } from './queues.ts';
import { topicsKind } from './topics.ts';
import { usersKind } from './users.ts';

/** All that definitions can hold, in the order in which it stands in an export. */
export const definitionKinds: readonly DefinitionKind[] = [queuesKind, topicsKind, usersKind];

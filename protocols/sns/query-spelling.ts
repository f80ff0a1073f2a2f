import type { InputSpelling, QuerySpelling } from '../aws/query-spelling.ts';
import { type Members, type OperationName, operationShapes } from './shapes.ts';

/** How SNS spells the members of an operation in the Query protocol: as the protocol itself does, but for one map's halves. */
export function spellingOf(operation: OperationName): QuerySpelling {
  return { inputs: new Map(spelledIn(operationShapes[operation].input)), outputs: new Map() };
}

/** Maps with halves of their own, at any depth: a name means the same wherever it stands. */
function* spelledIn(members: Members): Generator<readonly [string, InputSpelling]> {
  for (const [name, shape] of Object.entries(members)) {
    if (typeof shape === 'string') continue;
    if ('halves' in shape) yield [name, { prefixes: [`${name}.entry`, name], ...shape.halves }];
    const inner = 'of' in shape ? shape.of : shape.to;
    if (inner !== 'text') yield* spelledIn(inner);
  }
}

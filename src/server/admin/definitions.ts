import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import type { DefinitionsContext, Step } from '../definitions/kind.ts';
import { definitionKinds } from '../definitions/kinds.ts';
import { applySteps, planOf } from '../definitions/plan.ts';
import { text, yesOrNo } from '../definitions/values.ts';
import { jsonPieces } from './json-pieces.ts';
import { type AdminCall, baseUrlOf, ok, operation } from './operation.ts';

const listsBytesMax = 64 * 1024 * 1024;
/** Of one kind in one request: a plan takes a kilobyte or two for each. */
const itemsMax = 100_000;
/** Characters of an export that are written as one piece. */
const pieceLength = 65_536;

/** What `POST /definitions` answers. */
export interface PlanView {
  readonly plan: readonly StepView[];
  /** How many of the steps were done; 0 for a dry run. */
  readonly applied: number;
}
export type StepView = Pick<Step, 'do' | 'kind' | 'name' | 'text' | 'isLossy'>;

const definitionList = v.pipe(
  v.array(v.unknown(), 'expected a list'),
  v.maxLength(itemsMax, `expected at most ${itemsMax} in one request`),
);
/** Items are judged one by one, with a pause for others, so that a long list keeps nobody waiting. */
const definitionsSchema = v.strictObject(
  Object.fromEntries(definitionKinds.map(({ key }) => [key, v.optional(definitionList)])),
);

/**
 * Each queue is asked about by itself: `browse` for what is shown or compared, `create` and `manage` for what is changed.
 * So a user of one account exports and imports that account's queues, and who may only look may still see what is other.
 * Users are for admins: an export for anybody else has no list of them, an import that has one is refused.
 */
export const definitionOperations = [
  operation({
    method: 'GET',
    path: '/definitions',
    summary:
      'all queues that the asker may see and, for an admin, all users of the store, as definitions; of one account or region when they are named',
    query: v.strictObject({ prefix: v.optional(text('beginning of the names', 200)) }),
    answers: {
      200: '{queues: [...], users: [...]}, which POST takes; without users for who is no admin, with names of variables in the place of passwords and secrets',
    },
    handle: async (call) => {
      const stream = Readable.from(exportText(contextOf(call), call.query.prefix ?? ''));
      return { status: 200, stream, contentType: 'application/json' };
    },
  }),
  operation({
    method: 'POST',
    path: '/definitions',
    summary:
      'make the broker as the definitions say; docs/definitions.schema.json has the form of each; users need an admin, and a secret that is the name of its variable stands for what the broker has',
    query: v.strictObject({
      dryRun: v.optional(yesOrNo('say what would be done, and do nothing')),
      prune: v.optional(
        yesOrNo(
          'drop what no definition names, but never who asks nor the last admin; of one account or region when they are named',
        ),
      ),
    }),
    body: definitionsSchema,
    listsBytesMax,
    answers: {
      200: '{plan: [{do, kind, name, text, isLossy?: it throws messages away, though it drops nothing whole}], applied: how many were done}',
    },
    handle: async (call) => {
      const { dryRun = false, prune = false } = call.query;
      const definitions = Object.fromEntries(
        Object.entries(call.body).flatMap(([key, items]) => (items === undefined ? [] : [[key, items] as const])),
      );
      const steps = await planOf(definitions, contextOf(call), { isPruning: prune });
      const plan = steps.map(({ do: what, kind, name, text: line, isLossy }) => ({
        ...{ do: what, kind, name, text: line },
        ...(isLossy === true ? { isLossy } : {}),
      }));
      return ok({ plan, applied: dryRun ? 0 : await applySteps(steps) } satisfies PlanView);
    },
  }),
];

function contextOf(call: AdminCall<unknown, unknown>): DefinitionsContext {
  const { parts, principal, namespace, named } = call;
  const { broker, access, random, sns } = parts;
  return { broker, access, random, sns, baseUrl: baseUrlOf(call), principal, namespace, scope: named };
}

/**
 * Piece by piece: of very many queues the text would be long, and making it at once keep all others waiting, who get their
 * turn after each piece.
 */
async function* exportText(context: DefinitionsContext, prefix: string): AsyncGenerator<string> {
  let opening = '{';
  for (const kind of definitionKinds) {
    const items = kind.export(context, prefix);
    if (items === undefined) continue;
    yield `${opening}${JSON.stringify(kind.key)}:[`;
    opening = ',';
    let piece = '';
    let separator = '';
    for await (const item of items) {
      for (const text of jsonPieces(item)) {
        piece += separator + text;
        separator = '';
        if (piece.length < pieceLength) continue;
        yield piece;
        piece = '';
        await setImmediate();
      }
      separator = ',';
    }
    yield `${piece}]`;
  }
  yield '}\n';
}

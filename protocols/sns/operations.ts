import { assert } from '../../src/model/assert.ts';
import type { Call, Operation } from '../aws/service.ts';
import { xmlDocument } from '../aws/xml.ts';
import type { Row } from './operations/row.ts';
import type { SnsDependencies } from './parts.ts';
import { jsonDocument } from './query-json.ts';
import { spellingOf } from './query-spelling.ts';
import { type OperationName, operationNames } from './shapes.ts';

/** What the links of messages ask for, which nobody signs: whoever has the token, or the link, may [sqs-sns 2.4]. */
const openOperations: ReadonlySet<OperationName> = new Set(['ConfirmSubscription', 'Unsubscribe']);

/** What each operation does is read from disk at the first request: a broker that serves queues alone does not keep it in memory. */
export function createOperations(dependencies: SnsDependencies): readonly Operation[] {
  let loading: Promise<Handlers> | undefined;
  const output = async (name: OperationName, call: Call) => {
    loading ??= load(dependencies);
    return await (await loading)(name, call);
  };
  return operationNames.map((name) => {
    const spelling = spellingOf(name);
    return {
      name,
      isOpen: openOperations.has(name),
      serveJson: async (call) => JSON.stringify((await output(name, call)) ?? {}),
      query: {
        spelling,
        isForRootOnly: false,
        serveXml: async (call, frame) => xmlDocument(frame, await output(name, call), spelling),
        serveOwnJson: async (call, requestId) => jsonDocument(name, await output(name, call), requestId),
      },
    };
  });
}

type Handlers = (name: OperationName, call: Call) => Promise<object | undefined>;

async function load(dependencies: SnsDependencies): Promise<Handlers> {
  const [{ rows }, { createSnsParts }] = await Promise.all([import('./operations/index.ts'), import('./parts.ts')]);
  const sns = createSnsParts(dependencies);
  const byName: ReadonlyMap<OperationName, Row> = new Map(rows.map((row) => [row.name, row]));
  return async (name, call) => {
    const row = byName.get(name);
    assert(row !== undefined, 'each operation of the model has its row');
    return (await row.handle(sns, call)) ?? (row.hasResult ? {} : undefined);
  };
}

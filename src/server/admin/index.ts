import { createSnsParts, type SnsDependencies } from '../../../protocols/sns/parts.ts';
import { snsQuotas } from '../sns-quotas.ts';
import { createTail } from '../tail/tail.ts';
import { backupOperations } from './backup.ts';
import { definitionOperations } from './definitions.ts';
import { infoOperations } from './info.ts';
import { messageOperations } from './messages.ts';
import { moveOperations } from './moves.ts';
import { openApiOf } from './openapi.ts';
import { type AdminParts, type Operation, ok, operation } from './operation.ts';
import { policyOperations } from './policy.ts';
import { publishingOperations } from './publishing.ts';
import { queueOperations } from './queues.ts';
import { receivingOperations } from './receiving.ts';
import { type AdminRouter, createRouter } from './router.ts';
import { sendingOperations } from './sending.ts';
import { sentOperations } from './sent-to-people.ts';
import { snsPages, snsPagesPrefix } from './sns-pages.ts';
import { subscriptionOperations } from './subscriptions.ts';
import { tailOperations } from './tail.ts';
import { testOperations } from './test-controls.ts';
import { topicOperations } from './topics.ts';
import { userOperations } from './users.ts';

/** All that the admin API can do: `gantry`, the console and curl have nothing else. */
export const operations: readonly Operation[] = [
  ...infoOperations,
  ...queueOperations,
  ...messageOperations,
  ...sendingOperations,
  ...receivingOperations,
  ...moveOperations,
  ...topicOperations,
  ...subscriptionOperations,
  ...publishingOperations,
  ...sentOperations,
  ...tailOperations,
  ...backupOperations,
  ...testOperations,
  ...userOperations,
  ...policyOperations,
  ...definitionOperations,
];

/** What is made with the API itself is not among what it is given. */
export type AdminSources = Omit<AdminParts, 'tail' | 'sns'> & Pick<SnsDependencies, 'signer' | 'linkBases'>;

/** @param stopping aborted when the server stops: answers that go on end then */
export async function createAdmin(
  sources: AdminSources,
  hooks: Parameters<typeof createRouter>[2],
  stopping: AbortSignal,
): Promise<AdminRouter> {
  const tail = createTail(sources.broker.events, sources.clock);
  if (stopping.aborted) tail.stop();
  stopping.addEventListener('abort', () => tail.stop());
  await sources.access.derive(async () => () => tail.review());
  const { signer, linkBases, ...others } = sources;
  const { broker, clock, random, config } = others;
  const quotas = snsQuotas(config);
  const sns = createSnsParts({ broker, clock, random, signer, quotas, linkBases });
  const parts: AdminParts = { ...others, tail, sns };
  const document: Operation = operation({
    method: 'GET',
    path: '/openapi.json',
    summary: 'this API as an OpenAPI document',
    answers: { 200: 'OpenAPI 3.1' },
    handle: async () => ok(openApiOf([...operations, document], parts.status.version)),
  });
  const api = createRouter([...operations, document], parts, hooks);
  const pages = createRouter(snsPages, parts, hooks, snsPagesPrefix);
  return {
    handle(request, response) {
      const isPage = request.url?.startsWith(snsPagesPrefix) === true;
      (isPage ? pages : api).handle(request, response);
    },
  };
}

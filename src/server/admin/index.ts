import { infoOperations } from './info.ts';
import { messageOperations } from './messages.ts';
import { openApiOf } from './openapi.ts';
import { type AdminParts, type Operation, ok, operation } from './operation.ts';
import { queueOperations } from './queues.ts';
import { type AdminRouter, createRouter } from './router.ts';

/** All that the admin API can do: `gantry`, the console and curl have nothing else. */
export const operations: readonly Operation[] = [...infoOperations, ...queueOperations, ...messageOperations];

export function createAdmin(parts: AdminParts, hooks: Parameters<typeof createRouter>[2]): AdminRouter {
  const document: Operation = operation({
    method: 'GET',
    path: '/openapi.json',
    summary: 'this API as an OpenAPI document',
    answers: { 200: 'OpenAPI 3.1' },
    handle: async () => ok(openApiOf([...operations, document], parts.status.version)),
  });
  return createRouter([...operations, document], parts, hooks);
}

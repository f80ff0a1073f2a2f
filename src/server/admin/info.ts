import { ok, operation } from './operation.ts';

export const infoOperations = [
  operation({
    method: 'GET',
    path: '/',
    summary: 'version, listeners, state of the store',
    permission: 'browse',
    answers: { 200: 'what the broker says of itself' },
    handle: async ({ parts }) => {
      const { status, config, store } = parts;
      const { durability, dataDir } = config;
      return ok({
        ...{ version: status.version, phase: status.phase, store: status.store, durability, dataDir },
        listeners: Object.fromEntries(status.listeners),
        measures: store.measures(),
      });
    },
  }),
];

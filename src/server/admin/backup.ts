import { operation } from './operation.ts';

export const backupOperations = [
  operation({
    method: 'POST',
    path: '/backup',
    summary: 'a copy of the whole store, as it was when asked, while the broker goes on',
    permission: 'admin',
    answers: {
      200: 'the file, for gantry restore',
      429: 'as many as there may be are under way',
      501: 'the broker keeps its messages in memory alone',
      507: 'the disk of the data folder has no room for a copy',
    },
    handle: async ({ parts, request, signal }) => {
      const { socket } = request;
      const idleMs = socket.timeout ?? 0;
      socket.setTimeout(0); // Until the copy is made nothing is to be said here, and that may be minutes.
      try {
        const { stream, bytes } = await parts.backups.take(signal);
        return { status: 200, stream, bytes, contentType: 'application/vnd.sqlite3' };
      } finally {
        socket.setTimeout(idleMs);
      }
    },
  }),
];

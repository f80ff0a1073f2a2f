import type { ServerResponse } from 'node:http';

export interface Outbox {
  /** Ends an answer with a text. */
  end(response: ServerResponse, text: string): void;
}

/** Shorter ones are left alone: a connection has one answer at a time. */
const longBytesMin = 64 * 1024;

/**
 * Answers wait in memory until they are read, and a look at a queue is up to 30 MB. When all that are unread are over the
 * budget, the oldest is cut off: who reads has read it by then, and nobody has to wait for one who does not.
 */
export function createOutbox(bytesMax: number): Outbox {
  const unread = new Map<ServerResponse, number>();
  let bytes = 0;

  function forget(response: ServerResponse): void {
    bytes -= unread.get(response) ?? 0;
    unread.delete(response);
  }

  return {
    end(response, text) {
      // Bytes, for a text is held twice, as such and as what is written of it.
      const payload = Buffer.from(text);
      if (payload.length >= longBytesMin && !response.destroyed) {
        unread.set(response, payload.length);
        bytes += payload.length;
        response.once('close', () => forget(response));
        for (const oldest of unread.keys()) {
          if (bytes <= bytesMax || oldest === response) break;
          forget(oldest);
          oldest.destroy();
        }
      }
      response.end(payload);
    },
  };
}

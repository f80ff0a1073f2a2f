import type { IncomingMessage } from 'node:http';
import { GantryError } from '../../model/errors.ts';
import type { Principal } from '../../model/principal.ts';
import { parseBody, parseLists } from './json.ts';
import type { AdminParts, Operation } from './operation.ts';
import { createTurns } from './turns.ts';

export interface Bodies {
  /**
   * @returns undefined: the client has left in the middle, and there is nobody to answer
   * @throws GantryError `too-large`, `invalid-argument`, `limit-exceeded`
   */
  read(request: IncomingMessage, operation: Operation, principal: Principal): Promise<Received | undefined>;
}
interface Received {
  /** Undefined when there is none. */
  readonly body: unknown;
  /** To be called when what was made of it is no longer held; more than once is harmless. */
  readonly release: () => void;
}

/** Lists up to this length are parsed at once: 5 ms at worst. */
const listsBytesTrusted = 64 * 1024;
const waitingMax = 16;

/** Long lists are a hundred megabytes in memory: one is read at a time. */
export function createBodies({ config, access }: Pick<AdminParts, 'config' | 'access'>): Bodies {
  const turns = createTurns(1, waitingMax);

  return {
    async read(request, { listsBytesMax }, principal) {
      const { requestBytesMax } = config;
      const isLong =
        listsBytesMax !== undefined && access.authorize(principal, 'admin', { type: 'broker' }) === undefined;
      const bytesMax = isLong ? Math.max(requestBytesMax, listsBytesMax) : requestBytesMax;
      let end: (() => void) | undefined;
      const release = () => {
        end?.();
        end = undefined;
      };
      const takeTurn = async () => {
        end ??= await turns.take();
      };
      try {
        const bytes = await readBytes(request, bytesMax, requestBytesMax, takeTurn);
        if (bytes === undefined) return void release();
        if (listsBytesMax === undefined || bytes.length <= listsBytesTrusted)
          return { body: parseBody(bytes), release };
        await takeTurn();
        return { body: await parseLists(bytes), release };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

/** @param bytesAtOnce what is longer is read when `takeTurn` has settled, and not before */
async function readBytes(
  request: IncomingMessage,
  bytesMax: number,
  bytesAtOnce: number,
  takeTurn: () => Promise<void>,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!(chunk instanceof Buffer)) continue;
      bytes += chunk.length;
      if (bytes > bytesMax) throw new GantryError('too-large', `the body is over the limit of ${bytesMax} bytes`);
      if (bytes > bytesAtOnce) await takeTurn();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof GantryError || !request.destroyed) throw error;
    return undefined;
  }
  return request.complete ? Buffer.concat(chunks, bytes) : undefined;
}

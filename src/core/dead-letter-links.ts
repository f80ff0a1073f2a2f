/**
 * A queue names its dead letter by address, the engine knows it by id. The record says which id the engine was told;
 * where that is not the one that bears the name now, the link is wrong and is written anew: after a dead-letter queue
 * was made, dropped or made anew, on whatever node, and after a crash in between.
 */
import { GantryError } from '../model/errors.ts';
import type { QueueAddress, QueueAttributes, QueueId } from '../model/queue.ts';
import { inChunks } from './in-chunks.ts';
import type { QueueIndex } from './queue-index.ts';
import type { KnownQueue } from './queue-record.ts';
import type { QueueWriter } from './queue-writer.ts';

export interface DeadLetterLinks {
  /** The id to tell the engine: of the dead-letter queue that exists now. */
  idFor(attributes: QueueAttributes): QueueId | undefined;
  /** That of this queue, if it is wrong. */
  mend(queue: KnownQueue): Promise<void>;
  /** Those of the queues that name `deadLetter`, which was made or dropped. */
  mendSources(deadLetter: QueueAddress): Promise<void>;
  mendAll(): Promise<void>;
}

export function createDeadLetterLinks(index: QueueIndex, writer: Pick<QueueWriter, 'rewrite'>): DeadLetterLinks {
  function idFor({ redrive }: QueueAttributes): QueueId | undefined {
    return redrive === undefined ? undefined : index.find(redrive.deadLetter)?.id;
  }

  function isWrong(queue: KnownQueue): boolean {
    return idFor(queue.attributes) !== queue.deadLetterId;
  }

  /**
   * A failure is no one's to hear: while a link is wrong the engine leaves entries where they are, and the next change
   * of either queue, the next start or the store's recovery tries again.
   */
  async function mend({ address }: KnownQueue): Promise<void> {
    try {
      await writer.rewrite(address, (queue) =>
        isWrong(queue) ? { ...queue, deadLetterId: idFor(queue.attributes) } : undefined,
      );
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
    }
  }

  return {
    idFor,
    async mend(queue) {
      if (isWrong(queue)) await mend(queue);
    },
    async mendSources(deadLetter) {
      await inChunks(index.sourcesOf(deadLetter).filter(isWrong), mend);
    },
    async mendAll() {
      await inChunks([...index.all()].filter(isWrong), mend);
    },
  };
}

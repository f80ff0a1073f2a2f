import { join } from 'node:path';
import { GantryError } from '../model/errors.ts';
import type { Random } from '../model/random.ts';
import { createSealer, type Sealer, sealingKeyBytes } from '../security/sealer.ts';
import { writeDurably } from './durable-file.ts';
import { readTextFile } from './text-file.ts';

/** The key that seals users' secrets in the store, in a file of its own beside it that its owner alone can read. */
export interface KeyFile {
  /** @returns undefined: there is no such file @throws GantryError `unavailable` */
  find(): Promise<Sealer | undefined>;
  /** Makes the file when there is none; on disk before anything is sealed with it. */
  make(): Promise<Sealer>;
}

const fileName = 'users.key';
const keyFileBytesMax = 4_096;

export function createKeyFile(dataDir: string, random: Pick<Random, 'bytes'>): KeyFile {
  const path = join(dataDir, fileName);
  const isInMemory = dataDir === ':memory:';
  let sealer: Sealer | undefined;

  async function find(): Promise<Sealer | undefined> {
    if (sealer !== undefined || isInMemory) return sealer;
    const key = await readKey(path);
    if (key !== undefined) sealer = createSealer(key, random);
    return sealer;
  }

  return {
    find,
    async make() {
      const found = await find();
      if (found !== undefined) return found;
      const key = random.bytes(sealingKeyBytes);
      // On disk for good: a record that is sealed without its key is lost.
      if (!isInMemory) await writeDurably(path, `${Buffer.from(key).toString('hex')}\n`, 0o600);
      sealer = createSealer(key, random);
      return sealer;
    },
  };
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    const key = Buffer.from((await readTextFile(path, { bytesMax: keyFileBytesMax })).trim(), 'hex');
    if (key.length === sealingKeyBytes) return key;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new GantryError('unavailable', `the key of the users' secrets cannot be read: ${why}`, { cause });
  }
  throw new GantryError('unavailable', `${path} holds no key: bring it back from its copy`, { resource: path });
}

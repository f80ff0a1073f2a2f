import { readFile } from 'node:fs/promises';
import { globalAgent } from 'node:https';
import { join } from 'node:path';
import MessageValidator from 'sns-validator';

/** AWS's own validator reads certificates over `node:https`; trusting the broker's authority is all it is told. */
export async function trustAuthorityOf(dataDir: string): Promise<void> {
  globalAgent.options.ca = await readFile(join(dataDir, 'tls', 'ca.pem'), 'utf8');
}

const validator = new MessageValidator(/^127\.0\.0\.1:\d+$/);

/** @returns the message, whose signature is valid. @throws Error when it is not */
export function verified(body: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    validator.validate(body, (error, message) => (error === null ? resolve(message ?? {}) : reject(error)));
  });
}

import type { AddressInfo } from 'node:net';
import { answerParent } from '../../src/cli/bench/channel.ts';
import type { BaselineOptions } from './options.ts';
import { createBaseline } from './server.ts';

answerParent<BaselineOptions, number>(
  (options) =>
    new Promise((resolve, reject) => {
      const server = createBaseline(options);
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address: AddressInfo | string | null = server.address();
        if (address === null || typeof address === 'string') reject(new Error('the baseline has no port'));
        else resolve(address.port);
      });
    }),
);

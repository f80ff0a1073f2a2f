import { createFixedRandom, type FixedRandom } from '../../support/fixed-random.ts';
import { Ledger } from '../ledger.ts';
import { countOf, drain, type Site } from './load.ts';
import { Wire } from './wire.ts';

/** Where load is put, with what nobody should have been answered. */
export interface WatchedSite extends Site {
  readonly refusals: string[];
}

export function createSite(
  queueUrl: string,
  kind: Site['kind'] = 'standard',
  random: FixedRandom = createFixedRandom(),
): WatchedSite {
  const refusals: string[] = [];
  return {
    queueUrl,
    kind,
    ledger: new Ledger(kind),
    random,
    isOpen: false,
    refusals,
    answered: () => undefined,
    refused: (what) => void refusals.push(what),
  };
}

/** Settles when the sites have had so many answers in all. */
export function answersOf(sites: readonly Site[], count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    const answered = (): void => {
      if (left-- === 0) resolve();
    };
    for (const site of sites) site.answered = answered;
  });
}

/** Compares what the queue counts with what is in it, takes it all, and closes the accounts. @returns how much it was */
export async function emptyOut(endpoint: string, site: Site): Promise<number> {
  const counter = await Wire.open(endpoint);
  const counted = await countOf(counter, site.queueUrl);
  site.ledger.beginDrain(counted);
  await drain({ endpoint }, site, counter);
  site.ledger.end();
  counter.close();
  return counted;
}

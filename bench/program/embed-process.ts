/** A process that does as a Node test does: imports the library, then starts a broker and stops it, several times. */
import { performance } from 'node:perf_hooks';
import { answerParent } from '../../src/cli/bench/channel.ts';

export interface EmbedRequest {
  readonly dataDir: string;
  readonly laterCount: number;
}
export interface EmbedReply {
  readonly importMs: number;
  readonly firstMs: number;
  readonly laterMs: readonly number[];
}

answerParent<EmbedRequest, EmbedReply>(async ({ dataDir, laterCount }) => {
  const startedAt = performance.now();
  const { startGantry } = await import('../../src/index.ts');
  const importMs = performance.now() - startedAt;
  const startOnce = async (): Promise<number> => {
    const before = performance.now();
    const gantry = await startGantry({ dataDir });
    const ms = performance.now() - before;
    await gantry.stop();
    return ms;
  };
  const firstMs = await startOnce();
  const laterMs: number[] = [];
  for (let count = 0; count < laterCount; count++) laterMs.push(await startOnce());
  return { importMs, firstMs, laterMs };
});

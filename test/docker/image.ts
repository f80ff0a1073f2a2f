import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../docs/pages.ts';
import type { Instruction, Stage } from './dockerfile.ts';
import { runInside } from './isolation.ts';

/** The steps of the first stage that need the network, and what stands in for what they would bring. */
const stoodIn: readonly { readonly step: RegExp; bring(folder: string): void }[] = [
  { step: /^apt-get /, bring: () => undefined }, // The compiler; the addon is compiled already.
  { step: /\bnpm ci\b/, bring: bringProductionModules },
  { step: /^npx tsc\b.* npm prune --omit=dev\b/, bring: bringBuiltCode },
];

/**
 * Does by hand, in an empty folder, what a container engine does with the Dockerfile, whose text decides what is done.
 * Steps that need the network are stood in for; every other RUN is run as it is written.
 * @returns the folder that is the image's root
 */
export async function makeImage(folder: string, stages: readonly Stage[]): Promise<string> {
  const [build, run] = stages;
  if (build === undefined || run === undefined) throw new Error('two stages are expected');
  const buildRoot = join(folder, 'build');
  const imageRoot = join(folder, 'image');
  await doSteps(build, buildRoot, (path) => join(root, path));
  await doSteps(run, imageRoot, (path) => join(buildRoot, path));
  return imageRoot;
}

async function doSteps(stage: Stage, stageRoot: string, source: (path: string) => string): Promise<void> {
  let workFolder = '/';
  for (const { word, text } of stage.instructions) {
    if (word === 'WORKDIR') workFolder = text;
    const place = join(stageRoot, workFolder);
    mkdirSync(place, { recursive: true });
    if (word === 'COPY') copy({ word, text, flags: {} }, place, source);
    if (word === 'RUN') await runStep(text, stageRoot, workFolder);
  }
}

/** One source is renamed to what the target says; several, or a target that ends in a slash, go into it as they are. */
function copy({ text }: Instruction, place: string, source: (path: string) => string): void {
  const paths = text.split(/\s+/);
  const target = join(place, paths.pop() ?? '');
  for (const path of paths) {
    const to = text.endsWith('/') || paths.length > 1 ? join(target, basename(path)) : target;
    cpSync(source(path), to, { recursive: true });
  }
}

async function runStep(text: string, stageRoot: string, workFolder: string): Promise<void> {
  const standIn = stoodIn.find(({ step }) => step.test(text.replace(/^\w+=\S+ /, '')));
  if (standIn !== undefined) standIn.bring(join(stageRoot, workFolder));
  else await runInside(stageRoot, workFolder, ['/bin/sh', '-c', text]);
}

/** What `npm ci` and `npm prune --omit=dev` leave, by the lock file. */
function bringProductionModules(folder: string): void {
  for (const path of productionModules()) {
    const from = realpathSync(join(root, path));
    // Packages inside a package have lines of their own in the lock file.
    cpSync(from, join(folder, path), {
      recursive: true,
      filter: (file) => !file.slice(from.length).startsWith('/node_modules'),
    });
  }
}

/** `node_modules/pino`, ... */
export function productionModules(): readonly string[] {
  const lock: { readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>> } =
    JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true)
    .filter(([path, { optional }]) => optional !== true || existsSync(join(root, path)))
    .map(([path]) => path);
}

/** What `tsc` makes of the sources that were copied: the built code of this tree. */
function bringBuiltCode(folder: string): void {
  for (const name of ['src', 'protocols', 'storage'].filter((one) => existsSync(join(folder, one))))
    cpSync(join(root, 'dist', name), join(folder, 'dist', name), { recursive: true });
}

export function sizeInMegabytes(folder: string): number {
  return Number.parseInt(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }), 10);
}

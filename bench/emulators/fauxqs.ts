import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Subject } from '../../src/cli/bench/subject.ts';
import { install, LeftOut, recipes, run } from './install.ts';
import { freePort, launchEmulator } from './launch.ts';

const version = '2.4.1'; // As in fauxqs/package.json.
const nodeMajorMin = 22; // It uses Node's own SQLite.

/** @param dataFolder undefined: in memory, else with its SQLite in that folder */
export async function startFauxqs(name: string, dataFolder: string | undefined): Promise<Subject> {
  const folder = await install(`fauxqs-${version}`, async (target) => {
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(recipes, 'fauxqs', file), join(target, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: target });
  });
  const port = await freePort();
  const options = {
    port,
    host: '127.0.0.1',
    logger: false,
    ...(dataFolder === undefined ? {} : { dataDir: dataFolder }),
  };
  // Its own program logs each request twice; without that it is faster, and that is what it is measured as.
  const program = `import { startFauxqs } from ${JSON.stringify(join(folder, 'node_modules/fauxqs/dist/app.js'))};
    await startFauxqs(${JSON.stringify(options)});`;
  const args = ['--no-warnings', '--input-type=module', '--eval', program];
  return await launchEmulator({ name, port, protocol: 'json', command: newNode(folder), args });
}

/** The Node that runs us when it is new enough, else the one that was installed beside. */
function newNode(folder: string): string {
  if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) return process.execPath;
  try {
    return createRequire(join(folder, 'package.json')).resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    throw new LeftOut(`it needs Node ${nodeMajorMin}, and there is none for ${process.platform}-${process.arch}`);
  }
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cliPage } from './cli-page.mjs';
import { configurationPage } from './configuration-page.mjs';

/** Each generated file, and what makes its text from the built code. */
const makers = {
  'docs/cli.md': async (built) => cliPage(await built('src/cli/commands.js'), await built('src/cli/command.js')),
  'docs/configuration.md': async (built) => configurationPage(await built('src/server/options.js')),
  'docs/gantry.schema.json': async (built) => {
    const { configSchema } = await built('src/server/config-schema.js');
    return `${JSON.stringify(configSchema(), null, 2)}\n`;
  },
  'docs/definitions.schema.json': async (built) => {
    const { definitionsSchema } = await built('src/server/definitions/json-schema.js');
    return `${JSON.stringify(definitionsSchema(), null, 2)}\n`;
  },
};

/** Writes those that differ. @returns their paths */
export async function writeGenerated(root) {
  const stale = await staleFiles(root);
  for (const { path, text } of stale) writeFileSync(join(root, path), text);
  return stale.map(({ path }) => path);
}

/** For the check: one complaint a file that is not what the code makes of it. */
export async function generatedProblems(root) {
  const stale = await staleFiles(root);
  return stale.map(({ path }) => `${path} is not what the code says: npm run generate`);
}

async function staleFiles(root) {
  const built = (path) => import(pathToFileURL(join(root, 'dist', path)).href);
  const made = [];
  for (const [path, make] of Object.entries(makers)) made.push({ path, text: await make(built) });
  return made.filter(({ path, text }) => textOf(join(root, path)) !== text);
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // Not there yet, which is stale as well.
  }
}

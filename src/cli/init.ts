import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '../model/errors.ts';
import { optionName, options } from '../server/options.ts';
import { type CommandInput, isSet } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { say } from './output.ts';

/** Writes what a project begins with. A file that is there stays, unless --force says otherwise. */
export async function initialize(input: CommandInput): Promise<number> {
  const [folder = '.'] = input.args;
  const flag = isSet(input, 'force') ? 'w' : 'wx';
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw failure(folder, cause);
  });
  let kept = 0;
  for (const [name, text] of files()) {
    const path = join(folder, name);
    try {
      await writeFile(path, text, { flag });
      say(`wrote ${path}`);
    } catch (cause) {
      if (!isThere(cause)) throw failure(path, cause);
      kept++;
      say(`gantry: ${path} is there and stays: --force writes it anew`);
    }
  }
  return kept === 0 ? exitCodes.ok : exitCodes.failed;
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function failure(path: string, cause: unknown): GantryError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new GantryError('internal', `${path} cannot be written: ${why}`, { cause });
}

function files(): readonly (readonly [name: string, text: string])[] {
  return [
    ['gantry.yaml', configText()],
    ['compose.yaml', composeText],
  ];
}

/** Every option, as it is by default: to change one is to take its # away. */
function configText(): string {
  const rows = Object.entries(options).flatMap(([key, option]) => {
    if ('isOutsideFile' in option || 'awaits' in option) return [];
    const { defaultText, help } = option;
    return [`# ${help}`, `#${optionName(key)}: ${valueText(defaultText)}`, ''];
  });
  return `# Options of the broker: \`gantry serve\` reads this file where it stands. Each line shows what holds without it;
# to change it take away its first #. \`gantry check-config\` shows what comes of all this.

${rows.join('\n')}`;
}

/** A text that says what a default means is no value. */
function valueText(defaultText: string): string {
  return /^[\w./:*-]*$/.test(defaultText) ? defaultText : '';
}

const composeText = `# docker compose up --wait
services:
  gantry:
    # docker build -f docker/Dockerfile -t gantry:0.1.0 . in Gantry's own folder makes it.
    image: gantry:0.1.0
    command: ['serve', '--config', '/etc/gantry/gantry.yaml']
    ports:
      # Published on this machine alone, which is why everybody may be let in below.
      - '127.0.0.1:4566:4566'
    environment:
      GANTRY_ALLOW_ANONYMOUS: 'true'
    volumes:
      - ./gantry.yaml:/etc/gantry/gantry.yaml:ro
      - gantry-data:/data
    # What is in flight gets its time at a stop.
    stop_grace_period: 30s

volumes:
  gantry-data:
`;

import { GantryError } from '../../model/errors.ts';
import { judgeForm } from '../../server/definitions/at-start.ts';
import {
  gatherDefinitions,
  listDefinitionFiles,
  readDefinitionText,
  type WrittenDefinitions,
  type WrittenItems,
} from '../../server/definitions/definition-files.ts';
import { type Format, formats, readAs } from '../../server/definitions/formats.ts';
import { type CommandInput, flag } from '../command.ts';
import { say } from '../output.ts';

const stdinBytesMax = 64 * 1024 * 1024;

/**
 * The definitions of the files that a command names, `-` being standard input; says what a file of another broker holds
 * that is left out.
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function readNamed(input: CommandInput): Promise<WrittenDefinitions> {
  const format = formatOf(input);
  const written: WrittenItems[] = [];
  for (const arg of input.args)
    for (const path of arg === '-' ? ['-'] : await listDefinitionFiles([arg])) {
      const text = path === '-' ? await readStdin() : await readDefinitionText(path, true);
      const name = path === '-' ? 'stdin' : path;
      const { items, remarks } = await readAs(format, text, name, process.env);
      for (const remark of remarks) say(remark);
      written.push(...items);
    }
  const gathered = gatherDefinitions(written, process.env);
  await judgeForm(gathered);
  return gathered;
}

/** @throws GantryError `invalid-argument` */
function formatOf(input: CommandInput): Format | 'auto' {
  const named = flag(input, 'format') ?? 'auto';
  if (named === 'auto') return 'auto';
  const format = formats.find((one) => one === named);
  if (format !== undefined) return format;
  throw new GantryError('invalid-argument', `--format "${named}": expected auto, ${formats.join(', ')}`);
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > stdinBytesMax) throw new GantryError('too-large', `standard input is over ${stdinBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

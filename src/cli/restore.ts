import { resolve } from 'node:path';
import { loadConfig } from '../server/config.ts';
import { restore } from '../server/restore.ts';
import { type CommandInput, flag, isSet } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { say } from './output.ts';
import { bytesText } from './units.ts';

/** Puts a backup into a data folder that no broker runs on. */
export async function restoreBackup(input: CommandInput): Promise<number> {
  const file = resolve(input.args[0] ?? '');
  const dataDir = flag(input, 'dataDir') ?? (await loadConfig({ flags: {}, environment: process.env })).config.dataDir;
  const restored = await restore({ file, dataDir, isForced: isSet(input, 'force') });
  const { queues, messages, bytes, movedTo } = restored;
  if (movedTo !== undefined) say(`what was there is now ${movedTo}`);
  say(`${dataDir}: ${queues} queues, ${messages} messages, ${bytesText(bytes)}; gantry serve --data-dir ${dataDir}`);
  return exitCodes.ok;
}

import { type Config, loadConfig } from '../server/config.ts';
import { loadDefinitions } from '../server/definitions-loader.ts';
import { options as known, optionName } from '../server/options.ts';
import { withoutPasswords } from '../server/outward-option-kinds.ts';
import { exitCodes, reportFailure } from './exit-codes.ts';
import type { Flags } from './flags.ts';
import { printJson, printName, say } from './output.ts';
import { unbuiltOptions, whyWithoutEffect } from './unbuilt-options.ts';

/** Prints every option with its value and where it comes from, or the schema of the file. */
export async function checkConfig(flags: Flags): Promise<number> {
  const { schema, ...given } = flags;
  if (schema !== undefined) return await printSchema();
  try {
    const { config, origins, file } = await loadConfig({ flags: given, environment: process.env });
    await loadDefinitions(config, process.env);
    await checkCertificate(config);
    await checkAuthorities(config);
    const { users, inlineDefinitions, ...options } = { ...config, config: file }; // Also one that nobody named.
    for (const [key, value] of Object.entries({ ...options, ...(users.length === 0 ? {} : { users: names(users) }) })) {
      const origin = origins.get(key) ?? 'default';
      const from = origin === 'file' ? (file ?? 'file') : origin;
      printName(`${optionName(key).padEnd(nameColumns)}${shown(value).padEnd(valueColumns)}${from}`);
    }
    for (const name of unbuiltOptions(config)) say(`gantry: --${name} is without effect: ${whyWithoutEffect}`);
    return exitCodes.ok;
  } catch (error) {
    return reportFailure(error);
  }
}

/** What a start would find wrong; nothing is made. */
async function checkCertificate(config: Config): Promise<void> {
  if (config.httpsPort.length === 0 && config.tlsCert === undefined && config.tlsKey === undefined) return;
  const { askedCertificate } = await import('../server/tls/tls-options.ts');
  const asked = askedCertificate(config);
  if (asked === undefined || 'folder' in asked) return;
  const { readCertificate } = await import('../server/tls/certificate-files.ts');
  await readCertificate(asked, Date.now());
}

async function checkAuthorities({ snsCaFile }: Config): Promise<void> {
  if (snsCaFile === undefined) return;
  const { readAuthorities } = await import('../server/authorities.ts');
  await readAuthorities(snsCaFile, {});
}

async function printSchema(): Promise<number> {
  const { configSchema } = await import('../server/config-schema.ts');
  printJson(configSchema());
  return exitCodes.ok;
}

/** The longest name fits, with two spaces behind it. */
const nameColumns = Math.max(...Object.keys(known).map((key) => optionName(key).length)) + 2;
const valueColumns = 28;

/** Never more of them: the rest is secret, or long. */
function names(users: Config['users']): readonly string[] {
  return users.map(({ name }) => name);
}

function shown(value: unknown): string {
  if (value === undefined) return '-';
  return Array.isArray(value) && value.length === 0 ? '-' : withoutPasswords(String(value));
}

import { GantryError } from '../model/errors.ts';
import type { Config } from '../server/config.ts';
import { loadConfig } from '../server/config.ts';
import { type CommandInput, flag } from './command.ts';
import { checkAwsCli } from './doctor/aws-cli.ts';
import { checkAuthorities, checkCertificate } from './doctor/certificate.ts';
import { type Finding, fail, ok } from './doctor/finding.ts';
import { checkFolder } from './doctor/folder.ts';
import { checkBroker } from './doctor/health.ts';
import { checkClock, checkMemory, checkNode, checkOpenFiles } from './doctor/machine.ts';
import { checkPorts } from './doctor/ports.ts';
import { findEndpoint } from './endpoint.ts';
import { exitCodes } from './exit-codes.ts';
import { formatOf, printRows, printText } from './output.ts';
import { printable } from './printable.ts';

/** Looks at all that a broker with these options stands on; changes nothing. 0 unless something fails. */
export async function runDoctor(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const findings = await examine(input);
  if (format === 'table') await printText(textOf(findings));
  else printRows(format, findings, { columns: [], name: ({ check, status }) => `${status} ${check}` });
  return findings.some(({ status }) => status === 'fail') ? exitCodes.failed : exitCodes.ok;
}

async function examine(input: CommandInput): Promise<readonly Finding[]> {
  const { endpoint: _, output: __, ...flags } = input.flags;
  let config: Config;
  let from: string;
  try {
    const loaded = await loadConfig({ flags, environment: process.env });
    config = loaded.config;
    from = loaded.file ?? 'flags, variables and defaults; no gantry.yaml here';
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return [checkNode(), fail('options', error.message, 'gantry check-config shows them all')];
  }
  const folder = await checkFolder(config); // Alone: a sync is measured.
  const [clock, ports, certificate, authorities, broker, aws] = await Promise.all([
    checkClock(),
    checkPorts(config),
    checkCertificate(config),
    checkAuthorities(config),
    checkRunning(flag(input, 'endpoint'), flags),
    checkAwsCli(await findEndpoint(flag(input, 'endpoint'), flags).catch(() => undefined)),
  ]);
  const rest = [clock, checkOpenFiles(config), checkMemory(config), broker, aws];
  return [checkNode(), ok('options', from), ...ports, ...certificate, ...authorities, ...folder, ...rest];
}

async function checkRunning(endpoint: string | undefined, flags: CommandInput['flags']): Promise<Finding> {
  try {
    return await checkBroker(await findEndpoint(endpoint, flags));
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return ok('broker', `none is looked for: ${error.message}`);
  }
}

function textOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .map(({ check, status, text, wayOut }) => {
      const line = `${status.padEnd(4)}  ${check.padEnd(width)}  ${printable(text)}`;
      return wayOut === undefined ? line : `${line}\n${' '.repeat(width + 8)}-> ${printable(wayOut)}`;
    })
    .join('\n');
}

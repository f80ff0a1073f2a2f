import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const missing = ['prometheus', 'promtool'].filter((name) => !hasProgram(name));
/** Where .ci/run could have installed them, a missing one is no reason to skip: the tests then fail by it. */
const mustBeThere = process.env.CI === 'true' && process.getuid?.() === 0 && hasProgram('apt-get');

/** Undefined: Prometheus is here, or has to be. */
export const whySkipped = missing.length === 0 || mustBeThere ? undefined : `needs ${missing.join(' and ')}`;

/** `describe.skipIf(...)(named('alerts'), ...)`: what is skipped says why. */
export function named(name: string): string {
  return whySkipped === undefined ? name : `${name} (${whySkipped})`;
}

export async function promtool(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn('promtool', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
}

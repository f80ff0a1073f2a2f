import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subject } from '../../src/cli/bench/subject.ts';
import { install, run } from './install.ts';
import { freePort, launchEmulator } from './launch.ts';

const version = 'v0.4.4';

/** In memory, with the Query protocol alone; that it removes duplicates of FIFO queues has to be asked for. */
export async function startGoAws(folder: string): Promise<Subject> {
  const programs = await install(`goaws-${version}`, (target) =>
    run('go', ['install', `github.com/Admiral-Piett/goaws/app/cmd@${version}`], { env: { GOBIN: target } }),
  );
  const port = await freePort();
  const config = join(folder, 'goaws.yaml');
  await writeFile(
    config,
    `Local:
  Host: 127.0.0.1
  Port: ${port}
  Region: us-east-1
  AccountId: "000000000000"
  LogToFile: false
  EnableDuplicates: true
`,
  );
  const command = join(programs, 'cmd');
  return await launchEmulator({ name: 'GoAWS', port, protocol: 'query', command, args: ['-config', config] });
}

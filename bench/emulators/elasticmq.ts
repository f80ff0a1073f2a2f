import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subject } from '../../src/cli/bench/subject.ts';
import { install, recipes, requireProgram, run } from './install.ts';
import { freePort, launchEmulator } from './launch.ts';

const version = '1.6.14'; // As in elasticmq/pom.xml.

/** In memory, as it starts by itself; the port is ours, and limits that would cut off what is slow or many. */
export async function startElasticMq(folder: string): Promise<Subject> {
  requireProgram('java');
  const jars = await install(`elasticmq-${version}`, (target) =>
    run('mvn', [
      '--quiet',
      '--batch-mode',
      '--file',
      join(recipes, 'elasticmq', 'pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${target}`,
    ]),
  );
  const port = await freePort();
  const config = join(folder, 'elasticmq.conf');
  await writeFile(
    config,
    `node-address { protocol = http, host = 127.0.0.1, port = ${port}, context-path = "" }
rest-sqs { enabled = true, bind-port = ${port}, bind-hostname = "127.0.0.1", sqs-limits = strict }
rest-stats { enabled = false }
generate-node-address = false
pekko.http.server { max-connections = 20000, request-timeout = 60 s, idle-timeout = 120 s }
`,
  );
  const args = [`-Dconfig.file=${config}`, '-cp', join(jars, '*'), 'org.elasticmq.server.Main'];
  return await launchEmulator({ name: 'ElasticMQ', port, protocol: 'json', command: 'java', args });
}

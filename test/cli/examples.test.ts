import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandRow } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { messageCommands } from '../../src/cli/message/commands.ts';
import { queueCommands } from '../../src/cli/queue/commands.ts';
import { topicCommands } from '../../src/cli/topic/commands.ts';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';
import { shellOn } from './setup.ts';

const others = commands.filter(({ name }) => ['wait', 'env', 'init', 'completion'].includes(name));

/** Lines that a test cannot run as they are, and why. */
const apart: Readonly<Record<string, string>> = {
  'gantry receive orders --follow --body-only': 'goes on until Ctrl-C: test/cli/message/receive.test.ts',
  'gantry reply requests --echo': 'goes on until Ctrl-C: test/cli/message/reply.test.ts',
  'gantry queue rm orders': 'asks, and there is no terminal: test/cli/queue/commands.test.ts',
  'gantry queue top': 'goes on until Ctrl-C: test/cli/queue/top.test.ts',
  'gantry env --shell fish | source': 'needs that shell',
};

describe('the examples of --help work', () => {
  let broker: LaunchedBroker;
  beforeAll(async () => {
    broker = await launch();
  });
  afterAll(() => broker.stop());

  for (const row of [...queueCommands, ...messageCommands, ...topicCommands, ...others])
    for (const line of row.examples.filter((one) => apart[one] === undefined))
      test(line, async () => {
        const cwd = await temporaryFolder();
        const shell = await shellOn(broker);
        await prepare(shell.run, row);
        await writeFile(join(cwd, 'order.json'), '{"id":1}');
        await writeFile(join(cwd, 'orders.jsonl'), '{"id":1}\n{"id":2}\n');

        const { code, stderr } = await shell.run(`cd '${cwd}'; ${line}`);

        expect(stderr).not.toMatch(/^gantry: /m);
        expect(code).toBe(0);
      });
});

type Run = Awaited<ReturnType<typeof shellOn>>['run'];

/** The queues that the examples speak of. Where one of them makes a queue, what that needs. */
async function prepare(run: Run, { name }: CommandRow): Promise<void> {
  const lines =
    name === 'queue create'
      ? ['gantry queue create orders-dlq']
      : [
          'gantry queue create orders-dlq returns requests answers -o name',
          'gantry queue create orders --dead-letter orders-dlq:5 -o name',
          'gantry queue create invoices --fifo -o name',
          'gantry topic create alerts -o name',
          ...(name === 'topic publish' ? ['gantry topic create payments --fifo -o name'] : []),
          ...(name.startsWith('topic sub')
            ? [
                'gantry topic sub add alerts returns -o name && gantry topic sub add alerts http://127.0.0.1:9/wait -o name',
              ]
            : []),
          ...(name === 'reply' ? ['gantry send requests hello --reply-to answers'] : []),
          ...(name === 'receive' ? ['gantry send orders hello'] : []),
        ];
  expect(await run(lines.join(' && '))).toMatchObject({ code: 0 });
}

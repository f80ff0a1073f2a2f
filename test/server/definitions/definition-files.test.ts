import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfigured } from '../../../src/server/definitions/at-start.ts';
import { listDefinitionFiles } from '../../../src/server/definitions/definition-files.ts';
import { temporaryFolder } from '../../support/launch.ts';

type Environment = Readonly<Record<string, string | undefined>>;

async function read(text: string, environment: Environment = {}, name = 'd.yaml') {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, text);
  return { path, reading: readConfigured({ definitions: [path], inlineDefinitions: [] }, environment) };
}

const mistakes: readonly (readonly [string, string, string])[] = [
  [
    'a misspelt key',
    'queues:\n  - name: orders\n    visibilityTimout: 1m\n',
    ':3:5: unknown key "visibilityTimout"; did you mean "visibilityTimeout"?',
  ],
  ['a misspelt key of the file', 'queue:\n  - name: orders\n', ':1:1: unknown key "queue"; did you mean "queues"?'],
  ['a value that is none', 'queues:\n- name: a\n  delay: 16m\n', ':3:3: expected a duration from 0s to 15m'],
  ['a key that is missing', 'queues:\n- name: a\n  deadLetter: {queue: b}\n', ':3:3: lacks the key "after"'],
  ['a queue without a name', 'queues:\n- delay: 1s\n', ':2:3: lacks the key "name"'],
  ['what is no list', 'queues:\n  orders: {}\n', ':2:3: expected a list of queues'],
  ['what is no file of definitions', '- name: orders\n', ':1:1: expected lists under "queues:"'],
  ['an alias', 'queues:\n- name: &a orders\n- name: *a\n', ':3:9: an alias is not read here'],
  ['a variable that is not set', `queues:\n- name: a\n  kmsKey: \${KEY}\n`, `:3:11: "\${KEY}" names a variable`],
  ['what is no YAML', 'queues: [\n', ':2:1: '],
];

describe('definition files', () => {
  test.each(mistakes)('%s is refused with its place', async (_, text, expected) => {
    const { path, reading } = await read(text);

    await expect(reading).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(reading).rejects.toThrow(`${path}${expected}`);
  });

  test('JSON is read as well, with its places', async () => {
    const { path, reading } = await read('{"queues": [\n {"name": "a", "dely": 1}]}', {}, 'd.json');

    await expect(reading).rejects.toThrow(`${path}:2:16: unknown key "dely"; did you mean "delay"?`);
  });

  test('variables are put in, a doubled dollar is none, and what belongs to IAM stays', async () => {
    const policy = `{Statement: {Effect: Allow, Principal: "*", Action: "sqs:*", Condition: {NumericLessThan: {"x": 3}}}}`;
    const file = `$schema: x.json
queues:
- name: a-\${STAGE}
  kmsKey: $\${KEY}
  tags: {n: 007, of: "\${STAGE}\${STAGE}"}
- name: b
  kmsKey: "\${aws:username}"
  policy: ${policy}
`;
    const { reading } = await read(file, { STAGE: 'test' });

    expect((await reading).plain).toEqual({
      queues: [
        { name: 'a-test', kmsKey: `\${KEY}`, tags: { n: '007', of: 'testtest' } },
        {
          name: 'b',
          kmsKey: `\${aws:username}`,
          policy: {
            Statement: { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Condition: { NumericLessThan: { x: 3 } } },
          },
        },
      ],
    });
  });

  test('a folder is its files by name, without what is hidden or of another kind', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'sub'));
    for (const name of ['b.yml', 'a.yaml', 'c.json', '.hidden.yaml', 'notes.txt'])
      await writeFile(join(folder, name), '');

    const files = await listDefinitionFiles([join(folder, 'c.json'), folder]);

    expect(files).toEqual(['c.json', 'a.yaml', 'b.yml', 'c.json'].map((name) => join(folder, name)));
  });

  test('a file that is named must be there', async () => {
    await expect(listDefinitionFiles(['nowhere.yaml'])).rejects.toThrow(
      'definitions nowhere.yaml: no such file or folder',
    );
  });
});

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { options, variableName } from '../../src/server/options.ts';
import { readPage, root } from '../docs/pages.ts';
import { execForm, parseDockerfile, readDockerfile, settle } from './dockerfile.ts';

const [build, run] = await readDockerfile();
if (build === undefined || run === undefined) throw new Error('the Dockerfile has fewer than two stages');
const image = settle(run);

test('the image is made in two stages on one base, and the second compiles and installs nothing', () => {
  const runs = run.instructions.filter(({ word }) => word === 'RUN').map(({ text }) => text);

  expect(build.name).toBe('build');
  expect(run.base).toBe(build.base);
  expect(image.labels['org.opencontainers.image.base.name']).toBe(`docker.io/library/${run.base}`);
  expect(runs.filter((text) => /\b(apt-get|npm|npx|curl|wget|make)\b/.test(text))).toEqual([]);
});

test('the second stage takes everything from the first, none from the folder of the build', () => {
  const copies = run.instructions.filter(({ word }) => word === 'COPY' || word === 'ADD');

  expect(copies.length).toBeGreaterThan(0);
  expect(copies.map(({ word, flags }) => `${word} ${flags.from}`)).toEqual(copies.map(() => 'COPY build'));
});

test('the user is a number, so that an orchestrator can see that it is not root', () => {
  expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
});

test('every variable of ours is one that the broker knows, and the volume is where the messages lie', () => {
  const known = Object.keys(options).map(variableName);
  const named = Object.keys(image.environment).filter((name) => name.startsWith('GANTRY_'));

  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  expect(image.environment.GANTRY_HOST).toBe('0.0.0.0');
  expect(image.volumes).toEqual([image.environment.GANTRY_DATA_DIR]);
  expect(image.environment.SQLITE_TMPDIR).toBe(image.environment.GANTRY_DATA_DIR);
  // Who may enter is for whoever runs the image to say.
  expect(named).not.toContain('GANTRY_ALLOW_ANONYMOUS');
});

test('the ports that are exposed are those that are open by default', () => {
  const open = Object.entries(options)
    .filter(([key, option]) => /Port$/.test(key) && !('awaits' in option && option.awaits !== undefined))
    .flatMap(([, { default: ports }]) => (Array.isArray(ports) ? ports : []));

  expect(open).toContain(4566);
  expect(image.ports).toEqual(open);
});

test('the broker is process 1 itself, and its own command tells its health', () => {
  expect(image.command).toEqual(['gantry', 'serve']);
  expect(image.healthCommand).toEqual(['gantry', 'health', '--ready']);
});

test('the labels say what it is, in the version of the package', async () => {
  const manifest: unknown = JSON.parse(await readPage('package.json'));

  expect(manifest).toMatchObject({
    version: image.labels['org.opencontainers.image.version'],
    license: image.labels['org.opencontainers.image.licenses'],
  });
  expect(image.labels['org.opencontainers.image.title']).toBe('Gantry');
});

test('only what the first stage copies reaches the build, and all of it is there', async () => {
  const ignored = (await readPage('.dockerignore')).split('\n').filter((line) => !/^(#|$)/.test(line));
  const copied = build.instructions
    .filter(({ word }) => word === 'COPY')
    .flatMap(({ text }) => text.split(/\s+/).slice(0, -1));

  expect(ignored).toEqual(['*', ...copied.map((path) => `!${path}`)]);
  expect(copied.filter((path) => !existsSync(`${root}${path}`))).toEqual([]);
});

test('the reader of Dockerfiles finds what these tests look for', () => {
  const [first, second] = parseDockerfile(
    '# syntax\nFROM a AS b\nRUN x \\\n  # why\n  && y\nFROM c\nCOPY --from=b --chown=1:1 /d e\nENV F=1 \\\n  G="h i"\nCMD ["j"]\n',
  );

  expect(first).toEqual({
    base: 'a',
    name: 'b',
    instructions: [{ word: 'RUN', flags: {}, text: 'x && y' }],
  });
  expect(second?.instructions[0]).toEqual({ word: 'COPY', flags: { from: 'b', chown: '1:1' }, text: '/d e' });
  expect(second && settle(second)).toMatchObject({ environment: { F: '1', G: 'h i' }, command: ['j'] });
  expect(() => execForm('gantry serve')).toThrow(SyntaxError);
});

import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { scriptUrl, temporaryFolder } from './scripts.ts';

type Suite = { folder: string; path: string; sources?: string[] };
const {
  ensureJava,
}: {
  ensureJava(root: string, env: Record<string, string>, suites: Suite[]): Promise<Record<string, string | undefined>>;
} = await import(scriptUrl('test/java-env.mjs'));

/** A tree with one Java suite, and programs in place of Maven and the compiler that write down that they were called. */
function setup({ javac = 'javac 17.0.1' } = {}) {
  const root = temporaryFolder();
  const file = (path: string, text: string): string => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    return join(root, path);
  };
  const program = (name: string, script: string): void => chmodSync(file(`bin/${name}`, `#!/bin/sh\n${script}`), 0o755);
  const calls = file('calls', '');
  const jar = file('repository/some.jar', '');
  program('mvn', `echo mvn >> ${calls}; echo ${jar} > ${root}/.cache/java/class-paths/client`);
  program(
    'javac',
    `[ "$1" = -version ] && echo ${javac} && exit; echo javac >> ${calls}; ! grep -q broken "${root}"/test/clients/sqs/client/Main.java`,
  );
  file('test/clients/java/pom.xml', '<project/>');
  file('test/clients/java/Suite.java', '');
  const source = file('test/clients/sqs/client/Main.java', 'class Main {}');
  const suite = { folder: dirname(source), path: 'test/clients/sqs/client' };
  const env = { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, AWS_PROFILE: 'mine' };
  return {
    ...{ root, source, jar, pom: join(root, 'test/clients/java/pom.xml') },
    runs: join(root, '.cache/java/client/java.args'),
    ensure: () => ensureJava(root, env, [suite]),
    /** Who was called since the last time. */
    called: () => {
      const names = readFileSync(calls, 'utf8').trim().split('\n');
      writeFileSync(calls, '');
      return names.join(' ');
    },
  };
}

test('Maven and the compiler are called once, and again for what changed', async () => {
  const { ensure, called, source, pom, jar, runs } = setup();

  await ensure();
  expect(called()).toBe('mvn javac');
  expect(readFileSync(runs, 'utf8')).toContain(jar);
  await ensure();
  expect(called()).toBe('');
  appendFileSync(source, '// More.');
  await ensure();
  expect(called()).toBe('javac');
  appendFileSync(pom, '<!-- The same class path. -->');
  await ensure();
  expect(called()).toBe('mvn');
});

test('a jar that is gone is fetched again', async () => {
  const { ensure, called, jar } = setup();
  await ensure();
  called();

  rmSync(jar);
  await ensure();

  expect(called()).toBe('mvn');
});

test('a suite that does not compile cannot run, whatever was compiled before', async () => {
  const { ensure, source, runs } = setup();
  await ensure();

  writeFileSync(source, 'broken');
  await ensure();

  expect(existsSync(runs)).toBe(false);
});

test('an old compiler is said by name', async () => {
  await expect(setup({ javac: 'javac 11.0.2' }).ensure()).rejects.toThrow(/javac 11\.0\.2 is too old/);
});

test("a person's own AWS settings stay away from the clients", async () => {
  const added = await setup().ensure();

  expect(added).toHaveProperty('AWS_PROFILE', undefined);
});

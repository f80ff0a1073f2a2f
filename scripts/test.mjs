// `npm test [-- <filter>... [vitest options]]`, `--unit` for the fast part.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { runTests } = await import('./test/run-tests.mjs');
    process.exitCode = await runTests(root, process.argv.slice(2));
  }),
);

// `npm run test:soak`: test/faults/soak.test.ts for an hour, or for GANTRY_SOAK_SECONDS.
import './setup/node-version.mjs';

process.env.GANTRY_SOAK_SECONDS ??= '3600';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { runTests } = await import('./test/run-tests.mjs');
    process.exitCode = await runTests(root, ['test/faults/soak']);
  }),
);

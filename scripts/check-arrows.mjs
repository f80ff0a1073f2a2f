// `node scripts/check-arrows.mjs`: the arrows alone, with the proof that the checkers see what they are there for.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { runChecks } = await import('./check/run-checks.mjs');
    process.exitCode = await runChecks(root, ['arrows', 'planted violations']);
  }),
);

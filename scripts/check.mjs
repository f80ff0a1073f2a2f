// `npm run check`: types (the build of the set-up), format, lint, arrows, dead code, and the proof of the checkers.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { runChecks } = await import('./check/run-checks.mjs');
    process.exitCode = await runChecks(root);
  }),
);

// `npm run dev -- <flags>`: compiles on each change and restarts the broker after it; the data folder stays.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { develop } = await import('./setup/develop.mjs');
    await develop(root, process.argv.slice(2));
  }),
);

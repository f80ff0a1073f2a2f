// `npm start -- <flags>`: set-up, then the broker in this same process, so that signals and the exit code are its own.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { startBroker } = await import('./setup/broker.mjs');
    await startBroker(root, process.argv.slice(2));
  }),
);

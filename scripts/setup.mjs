// Installs and builds what is missing or stale: `node scripts/setup.mjs`.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare }) => runAsProgram(() => prepare()));

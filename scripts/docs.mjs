// `npm run docs`: writes the pages that are made of tables in the code. A test fails while one is not as it would be written.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { writeFile } = await import('node:fs/promises');
    const { join } = await import('node:path');
    const { referenceText } = await import(join(root, 'dist/src/cli/reference.js'));
    await writeFile(join(root, 'docs/cli.md'), referenceText());
  }),
);

// `npm run generate`: writes anew what is made from the code and kept in the tree; `npm run check` compares.
import './setup/node-version.mjs';

void import('./setup/prepare.mjs').then(({ runAsProgram, prepare, root }) =>
  runAsProgram(async () => {
    await prepare();
    const { writeGenerated } = await import('./generate/files.mjs');
    for (const path of await writeGenerated(root)) console.log(path);
  }),
);

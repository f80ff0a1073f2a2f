#!/usr/bin/env node
// The version is looked at before anything else is loaded: the store's addon ends an older Node without a word.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`gantry: Node.js ${process.versions.node} is too old: 20.19 or later is needed\n`);
  process.exitCode = 1;
} else {
  if (process.argv[2] === 'serve') {
    // Before the rest is loaded, which is most of the time that a start takes.
    const { holdHangUps } = await import('./hold-hang-ups.ts');
    holdHangUps();
  }
  const { runProgram } = await import('./program.ts');
  await runProgram(process.argv.slice(2));
}

export {};

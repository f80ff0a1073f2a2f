#!/usr/bin/env node
// The `aws` that init hooks are lent where none is installed (src/server/init/lent-programs.ts).
import { reportFailure } from '../exit-codes.ts';
import { runOwnAws } from './index.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(); // Who reads has enough.
});
process.exitCode = await runOwnAws(process.argv.slice(2)).catch(reportFailure);

#!/usr/bin/env node
// The `aws` that init hooks are lent where none is installed (src/server/init/lent-programs.ts).
import { reportFailure } from '../exit-codes.ts';
import { watchOutput } from '../output.ts';
import { runOwnAws } from './index.ts';

watchOutput();
process.exitCode = await runOwnAws(process.argv.slice(2)).catch(reportFailure);

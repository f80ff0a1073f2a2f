import { parseOptions } from './options.ts';
import { benchmarks, runBenchmark } from './run.ts';

const { names, options } = parseOptions(process.argv.slice(2));
if (names.length === 0) {
  console.log(
    `usage: npm run bench -- <${Object.keys(benchmarks).join(' | ')}> [--short] [--json file] (see bench/README.md)`,
  );
  process.exitCode = 2;
}
for (const name of names) {
  process.exitCode = Math.max(
    Number(process.exitCode ?? 0),
    await runBenchmark(name, options, (line) => console.log(line)),
  );
}

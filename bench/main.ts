import { fillQueue } from './fill.ts';
import { parseFillOptions, parseOptions } from './options.ts';
import { figure } from './report.ts';
import { benchmarks, runBenchmark } from './run.ts';

const usage = `usage: npm run bench -- <${Object.keys(benchmarks).join(' | ')}> [--short] [--json file] [--rounds n] [--seconds n]
                        [--work-folder folder] [--against-itself] [--case name] [--depths n,n]
       npm run bench -- fill --data-dir folder --queue name --messages n [--groups n]
bench/README.md says how to read what they print.`;

/** @returns the exit code: 0 also for a missed goal, 1 when figures are void, 2 for a wrong call */
async function run(words: readonly string[]): Promise<number> {
  if (words[0] === 'fill') {
    console.log(`filled, ${figure(await fillQueue(parseFillOptions(words.slice(1))))} messages a second`);
    return 0;
  }
  const { names, options } = parseOptions(words);
  if (names.length === 0 || (names.length > 1 && options.jsonFile !== undefined)) {
    console.error(names.length === 0 ? usage : '--json takes one benchmark, for it writes one file');
    return 2;
  }
  let code = 0;
  for (const name of names) code = Math.max(code, await runBenchmark(name, options, (line) => console.log(line)));
  return code;
}

// What was started ends with us, and it listens for the exit.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error('FAILED:', error);
  process.exitCode = 1;
}

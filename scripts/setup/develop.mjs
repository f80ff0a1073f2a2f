import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { mainFile } from './broker.mjs';
import { copyAssets, removeStale } from './build.mjs';

// The broker lets its clients finish for ten seconds; what takes longer hangs.
const stopMsMax = 12_000;

/** Runs until a signal; then the broker is stopped as in production, by the same signal. */
export async function develop(root, flags) {
  const broker = createRestarter(() =>
    spawn(process.execPath, ['--enable-source-maps', mainFile(root), 'serve', ...flags], {
      cwd: root,
      stdio: 'inherit',
    }),
  );
  const compiler = watchSources(root, () => {
    removeStale(root);
    copyAssets(root);
    broker.restart();
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      compiler.kill();
      broker.stop();
    });
  }
  compiler.once('close', broker.stop);
}

/** Calls `onBuilt` after the first build and after each later one without a type error. */
function watchSources(root, onBuilt) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', root, '--watch', '--preserveWatchOutput'];
  const compiler = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 2] });
  compiler.stdout.setEncoding('utf8').on('data', (text) => {
    process.stderr.write(text);
    if (text.includes('Found 0 errors')) onBuilt();
  });
  return compiler;
}

/** One child at a time; wishes that come while it stops become one restart. */
function createRestarter(start) {
  let child;
  let isWanted = false;
  const startWanted = () => {
    child = undefined;
    if (!isWanted) return;
    isWanted = false;
    child = start();
    child.once('close', startWanted);
  };
  const end = () => {
    if (child === undefined) return;
    const { pid } = child;
    child.kill('SIGTERM');
    setTimeout(() => child?.pid === pid && child.kill('SIGKILL'), stopMsMax).unref();
  };
  return {
    restart() {
      isWanted = true;
      if (child === undefined) startWanted();
      else end();
    },
    stop() {
      isWanted = false;
      end();
    },
  };
}

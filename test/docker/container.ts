import { readFileSync } from 'node:fs';
import { type Inside, startInside } from './isolation.ts';

export interface Container {
  /** Of process 1, as this machine numbers it. */
  readonly processId: number;
  readonly exited: Promise<number | null>;
  output(): { readonly stdout: string; readonly stderr: string };
  /** The signal to process 1; settles with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Settles with the container when the line is there. @throws Error with all it printed when it ended before */
export function startContainer(inside: Inside, command: readonly string[], line: RegExp): Promise<Container> {
  const child = startInside(inside, command);
  let stdout = '';
  let stderr = '';
  const exited = new Promise<number | null>((resolve) => void child.once('close', (code) => resolve(code)));
  const end = (): void => void child.kill('SIGKILL'); // Takes process 1 with it: a test that was cut off leaves none.
  process.once('exit', end);
  void exited.then(() => process.off('exit', end));
  const container = (): Container => {
    const processId = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
    return {
      processId,
      exited,
      output: () => ({ stdout, stderr }),
      stop: async (signal = 'SIGTERM') => {
        if (child.exitCode === null) process.kill(processId, signal);
        return await exited;
      },
    };
  };
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (line.test(stdout)) resolve(container());
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    void exited.then((code) => reject(new Error(`ended with ${code}\nstdout: ${stdout}\nstderr: ${stderr}`)));
  });
}

/**
 * What a process has used, read from /proc: processor time of all its threads, bytes it caused to be written, resident
 * memory. Everything is `undefined` where there is no /proc, and shows as `n/a`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** The kernel shows clock ticks to programs at 100 a second on every platform that Node is built for. */
const tickUs = 10_000;

export interface ProcessSample {
  readonly atMs: number;
  readonly cpuUs: number | undefined;
  readonly writtenBytes: number | undefined;
  readonly threads: ReadonlyMap<number, ThreadSample>;
}
interface ThreadSample {
  readonly name: string;
  readonly cpuUs: number;
}
export interface Usage {
  readonly wallMs: number;
  readonly cpuUs: number | undefined;
  readonly writtenBytes: number | undefined;
  /** Busiest first, what it used in between. */
  readonly threads: readonly ThreadSample[];
}

export function sampleProcess(pid: number): ProcessSample {
  return {
    atMs: performance.now(),
    cpuUs: processCpuUs(pid),
    writtenBytes: field(readText(`/proc/${pid}/io`), /^write_bytes: (\d+)/m),
    threads: sampleThreads(pid),
  };
}

/**
 * The scheduler counts each thread in nanoseconds, the process only in ticks of 10 ms: the sum of the threads is taken
 * unless one has come or gone in between.
 */
export function usageBetween(before: ProcessSample, after: ProcessSample): Usage {
  const threads: ThreadSample[] = [];
  let isSameThreads = before.threads.size === after.threads.size;
  for (const [id, thread] of after.threads) {
    const earlier = before.threads.get(id);
    if (earlier === undefined) isSameThreads = false;
    threads.push({ name: thread.name, cpuUs: thread.cpuUs - (earlier?.cpuUs ?? 0) });
  }
  const summed = threads.reduce((sum, thread) => sum + thread.cpuUs, 0);
  return {
    wallMs: after.atMs - before.atMs,
    cpuUs: isSameThreads && threads.length > 0 ? summed : difference(before.cpuUs, after.cpuUs),
    writtenBytes: difference(before.writtenBytes, after.writtenBytes),
    threads: threads.sort((a, b) => b.cpuUs - a.cpuUs),
  };
}

export function residentBytes(pid: number): number | undefined {
  const kib = field(readText(`/proc/${pid}/status`), /^VmRSS:\s+(\d+) kB/m);
  return kib === undefined ? undefined : kib * 1024;
}

function processCpuUs(pid: number): number | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const [user, system] = fieldsAfterName(stat).slice(11, 13).map(Number);
  return user === undefined || system === undefined ? undefined : (user + system) * tickUs;
}

function sampleThreads(pid: number): ReadonlyMap<number, ThreadSample> {
  const threads = new Map<number, ThreadSample>();
  for (const id of threadIds(pid)) {
    const nanoseconds = field(readText(`/proc/${pid}/task/${id}/schedstat`), /^(\d+)/);
    const name = readText(`/proc/${pid}/task/${id}/comm`)?.trim();
    if (nanoseconds === undefined || name === undefined) continue; // It ended while we looked.
    threads.set(id, {
      name: id === pid ? 'main' : name === 'node' ? `thread ${id - pid}` : name,
      cpuUs: nanoseconds / 1000,
    });
  }
  return threads;
}

function threadIds(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return []; // No /proc, or the process is gone: the caller shows n/a.
  }
}

/** The program's name stands in brackets and may hold spaces and brackets itself. */
function fieldsAfterName(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // No /proc, or the process is gone: the caller shows n/a.
  }
}

function field(text: string | undefined, pattern: RegExp): number | undefined {
  const found = text === undefined ? undefined : pattern.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

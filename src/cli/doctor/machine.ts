/** What the machine gives a process: Node, time, files, memory. */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../server/config.ts';
import { bytesText } from '../units.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

export function checkNode(): Finding {
  // What is too old ends in main.ts, before any command.
  return ok('node', `Node.js ${process.versions.node}, ${process.platform} ${process.arch}`);
}

const clockWatchMs = 300;
const jumpMs = 50;
const yearMin = 2025;
const yearMax = 2100;

export async function checkClock(): Promise<Finding> {
  const [wall, monotonic] = [Date.now(), performance.now()];
  await sleep(clockWatchMs);
  return judgeClock(new Date(), Date.now() - wall - (performance.now() - monotonic));
}

/** @param driftMs of the wall against the monotonic clock, while it was watched */
export function judgeClock(now: Date, driftMs: number): Finding {
  const year = now.getUTCFullYear();
  const shown = now.toISOString();
  if (year < yearMin || year > yearMax)
    return fail('clock', `${shown}: signatures are refused, and messages expire wrongly`, 'set the clock (NTP)');
  if (Math.abs(driftMs) > jumpMs) {
    const text = `${shown}: it jumped by ${Math.round(driftMs)} ms just now; leases and delays go by monotonic time`;
    return warn('clock', text, 'signatures are judged by this clock: let NTP slew it rather than set it');
  }
  return ok('clock', shown);
}

/** The store, its log, the listeners, Node itself. */
const ownFiles = 64;

export function checkOpenFiles({ connectionsMax, httpPort, httpsPort }: Config): Finding {
  const limit = openFilesMax();
  if (limit === undefined) return ok('open files', 'the limit is not known here');
  return judgeOpenFiles(limit, connectionsMax * Math.max(1, httpPort.length + httpsPort.length));
}

export function judgeOpenFiles(limit: number, connections: number): Finding {
  const shown = Number.isFinite(limit) ? limit.toLocaleString('en-US') : 'without limit';
  if (limit >= connections + ownFiles)
    return ok('open files', `${shown}, for ${connections.toLocaleString('en-US')} connections`);
  const text = `${shown}, but --connections-max allows ${connections}: who comes beyond it gets no answer`;
  const wayOut = `ulimit -n ${connections + ownFiles} (systemd: LimitNOFILE), or a lower --connections-max`;
  return limit < ownFiles * 2 ? fail('open files', text, wayOut) : warn('open files', text, wayOut);
}

function openFilesMax(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return undefined; // No /proc.
  }
}

/** An idle broker, the caches of the store, and garbage before it is collected. */
const baseBytes = 160 * 1024 * 1024;
const leastBytes = 96 * 1024 * 1024;

export function checkMemory(config: Config): Finding {
  const constrained = process.constrainedMemory();
  const limit = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return judgeMemory(limit, config, limit === constrained ? 'of this container' : 'of the machine');
}

type MemoryOptions = Pick<Config, 'bodyCacheBytes' | 'pendingBytesMax'>;

export function judgeMemory(limit: number, { bodyCacheBytes, pendingBytesMax }: MemoryOptions, whose: string): Finding {
  const wanted = baseBytes + bodyCacheBytes + pendingBytesMax;
  const shown = `${bytesText(limit)} ${whose}`;
  if (limit >= wanted) return ok('memory', shown);
  const text = `${shown}: with these options a busy broker may take ${bytesText(wanted)}`;
  const wayOut = 'more memory, or less of --pending-bytes-max and --body-cache-bytes';
  return limit < leastBytes ? fail('memory', text, wayOut) : warn('memory', text, wayOut);
}

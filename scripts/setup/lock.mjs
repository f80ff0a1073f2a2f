// One set-up at a time. The lock is a folder, put in place by a rename so that it never exists without its owner's
// name inside. It lies outside node_modules and dist, which the set-up deletes.
// An npm that outlives its killed owner still writes into the tree, so the lock lives as long as either of them.
// A dead owner is replaced by whoever makes the folder `takeover` inside the lock, so that of two who see the same
// dead owner one wins, and the other finds a living one.
import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

const pollMs = 200;
const stuckTakeoverMs = 10_000;

/** Where the set-up of a tree keeps its lock. */
export const setupLock = (root) => join(root, '.setup-lock');

export async function withLock(folder, work) {
  await acquire(folder);
  try {
    return await work();
  } finally {
    release(folder);
  }
}

/** Called by the owner: the lock is held until this child of its is gone as well. */
export function recordChild(folder, pid) {
  writeFileSync(join(folder, 'child'), identity(pid));
}

async function acquire(folder) {
  let isTold = false;
  let deadSince;
  while (!place(folder)) {
    const owner = ownerOf(folder);
    if (owner === undefined) continue; // Released between our two looks.
    if (isHeld(folder, owner)) deadSince = undefined;
    else if (takeOver(folder)) return;
    else deadSince ??= Date.now();
    if (deadSince !== undefined && Date.now() - deadSince > stuckTakeoverMs) {
      throw new SetupError(`the lock ${folder} was left behind by a process that is gone: remove that folder`);
    }
    if (!isTold)
      process.stderr.write(`gantry: waiting for another set-up of this tree (process ${owner.split(' ')[0]})\n`);
    isTold = true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function place(folder) {
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  writeFileSync(join(draft, 'owner'), identity(process.pid));
  try {
    renameSync(draft, folder); // Fails when the target exists and is not empty.
    return true;
  } catch {
    rmSync(draft, { recursive: true, force: true });
    return false;
  }
}

function takeOver(folder) {
  const takeover = join(folder, 'takeover');
  try {
    mkdirSync(takeover);
  } catch {
    return false; // Another one is at it.
  }
  const owner = ownerOf(folder);
  const isOurs = owner !== undefined && !isHeld(folder, owner); // Looked at again: it may have been replaced before our mkdir.
  if (isOurs) {
    rmSync(join(folder, 'child'), { force: true });
    writeFileSync(join(folder, 'owner.next'), identity(process.pid));
    renameSync(join(folder, 'owner.next'), join(folder, 'owner'));
  }
  rmdirSync(takeover);
  return isOurs;
}

function release(folder) {
  const gone = `${folder}.${process.pid}`;
  renameSync(folder, gone);
  rmSync(gone, { recursive: true, force: true });
}

const isHeld = (folder, owner) => isAlive(owner) || isAlive(readName(folder, 'child') ?? '');
const ownerOf = (folder) => readName(folder, 'owner');

function readName(folder, file) {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

function isAlive(owner) {
  const pid = Number(owner.split(' ')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return identity(pid) === owner;
}

/** The pid with the moment its process began, where the system tells: in a container the same few pids come again. */
function identity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return `${pid}`;
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/**
 * What a container is made of, without an engine: namespaces of Linux for mounts, processes and network, a root folder of
 * its own, another user without rights. The system's programs are lent to it, read-only.
 */
export interface Inside {
  readonly root: string;
  readonly workFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `1000:1000` */
  readonly user: string;
  /** Folders of this machine at places in the image. */
  readonly volumes: readonly (readonly [folder: string, place: string])[];
  readonly isReadOnly: boolean;
}

const programs = ['unshare', 'nsenter', 'setpriv', 'chroot', 'mount', 'ip'];

/** Why it cannot be done here; undefined: it can. */
export function whyNotIsolated(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  const { status } = spawnSync('unshare', ['--mount', '--pid', '--fork', '--net', 'mount', '-t', 'tmpfs', 'x', '/mnt']);
  return status === 0 ? undefined : 'needs the right to make namespaces';
}

/** Arguments: root, node, read-only, then pairs of folder and place up to `--`, then the program. */
const enter = `set -eu
root=$1 node=$2 is_read_only=$3
shift 3
mount --bind "$root" "$root"
for name in bin sbin lib lib32 lib64 usr/bin usr/sbin usr/lib usr/lib32 usr/lib64; do
  if [ -L "/$name" ]; then
    [ -L "$root/$name" ] || ln -s "$(readlink "/$name")" "$root/$name"
  elif [ -d "/$name" ]; then
    mkdir -p "$root/$name"
    mount --bind "/$name" "$root/$name"
    mount -o remount,bind,ro "$root/$name"
  fi
done
mkdir -p "$root/usr/local/bin" "$root/dev" "$root/proc"
for file in /dev/null /dev/urandom; do
  [ -e "$root$file" ] || : > "$root$file"
  mount --bind "$file" "$root$file"
done
[ -e "$root/usr/local/bin/node" ] || : > "$root/usr/local/bin/node"
mount --bind "$node" "$root/usr/local/bin/node"
mount -t proc proc "$root/proc"
while [ "$1" != -- ]; do
  mkdir -p "$root$2"
  mount --bind "$1" "$root$2"
  shift 2
done
shift
ip link set lo up
if [ "$is_read_only" = true ]; then mount -o remount,bind,ro "$root"; fi
exec chroot "$root" "$@"`;

/** Starts a program as process 1 of a new container. `pid` below is the one of `unshare`, whose only child it is. */
export function startInside(inside: Inside, command: readonly string[]): ChildProcess {
  const [uid = '', gid = ''] = inside.user.split(':');
  const asUser = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
  return spawnInside(inside, [
    ...['/usr/bin/setpriv', `--reuid=${uid}`, `--regid=${gid}`, ...asUser],
    ...withEnvironment(inside, command),
  ]);
}

/** Runs a step of a Dockerfile: as root, everything writable. @throws Error with what it printed */
export async function runInside(root: string, workFolder: string, command: readonly string[]): Promise<void> {
  const inside: Inside = { root, workFolder, environment: {}, user: '0:0', volumes: [], isReadOnly: false };
  const child = spawnInside(inside, withEnvironment(inside, command));
  const { code, output } = await endOf(child);
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${output}`);
}

/** A further program in a running container, as its user: what `docker exec` and health checks do. */
export async function execInside(
  processId: number,
  inside: Inside,
  command: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const [uid = '', gid = ''] = inside.user.split(':');
  const target = ['--target', String(processId), '--mount', '--pid', '--net', '--root'];
  return await endOf(
    spawn('nsenter', [...target, '--setuid', uid, '--setgid', gid, ...withEnvironment(inside, command)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
}

function spawnInside({ root, volumes, isReadOnly }: Inside, command: readonly string[]): ChildProcess {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--net'];
  const parameters = [root, process.execPath, String(isReadOnly), ...volumes.flat(), '--', ...command];
  return spawn('unshare', [...namespaces, '/bin/sh', '-c', enter, 'sh', ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function withEnvironment({ workFolder, environment }: Inside, command: readonly string[]): readonly string[] {
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return ['/usr/bin/env', '-i', '-C', workFolder, path, ...variables, ...command];
}

async function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly output: string }> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

import { readVersion } from '../server/version.ts';

export async function printVersion(): Promise<number> {
  const { version, platform, arch } = process;
  process.stdout.write(`gantry ${await readVersion()} (Node.js ${version}, ${platform} ${arch})\n`);
  return 0;
}

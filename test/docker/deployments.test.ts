import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/server/config.ts';
import { options, variableName } from '../../src/server/options.ts';
import { readPage, root } from '../docs/pages.ts';
import { temporaryFolder } from '../support/launch.ts';
import { readDockerfile, settle } from './dockerfile.ts';

const stage = (await readDockerfile()).at(-1);
if (stage === undefined) throw new Error('the Dockerfile has no stage');
const image = settle(stage);
const known = Object.keys(options).map(variableName);
const { version }: { version: string } = JSON.parse(await readPage('package.json'));

interface Mount {
  readonly name: string;
  readonly mountPath: string;
}
interface StatefulSet {
  readonly kind: 'StatefulSet';
  readonly spec: {
    readonly replicas: number;
    readonly serviceName: string;
    readonly selector: { readonly matchLabels: object };
    readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[];
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly containers: readonly {
          readonly image: string;
          readonly env: readonly { readonly name: string; readonly value: string }[];
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
          readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
          readonly livenessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
          readonly securityContext: object;
          readonly volumeMounts: readonly Mount[];
        }[];
      };
    };
  };
}

describe('the compose file', async () => {
  const { services }: { services: { gantry: Record<string, unknown> } } = parse(await readPage('docker/compose.yaml'));
  const { gantry } = services;

  test('publishes the ports of the image on this machine alone, because it lets everybody in', () => {
    expect(gantry.environment).toEqual({ GANTRY_ALLOW_ANONYMOUS: 'true' });
    expect(gantry.ports).toEqual(image.ports.map((port) => `127.0.0.1:${port}:${port}`));
  });

  test('keeps the messages, and gives no right and nothing writable but them', () => {
    expect(gantry.volumes).toEqual(image.volumes.map((place) => `gantry-data:${place}`));
    expect(gantry).toMatchObject({
      build: { context: '..', dockerfile: 'docker/Dockerfile' },
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
  });

  test('waits longer for the end than the broker does', () => {
    const graceMs = Number.parseInt(String(gantry.stop_grace_period), 10) * 1000;

    expect(graceMs).toBeGreaterThan(options.shutdownTimeoutMs.default);
  });
});

describe('the Kubernetes manifests', async () => {
  const documents = parseAllDocuments(await readPage('docker/kubernetes/gantry.yaml')).map((one): unknown =>
    one.toJS(),
  );
  const isStatefulSet = (one: unknown): one is StatefulSet =>
    typeof one === 'object' && one !== null && 'kind' in one && one.kind === 'StatefulSet';
  const { spec } = documents.find(isStatefulSet) ?? {};
  const pod = spec?.template.spec;
  const container = pod?.containers[0];
  if (spec === undefined || pod === undefined || container === undefined) throw new Error('no StatefulSet is there');

  test('run one broker of this version as the user of the image', () => {
    const [uid, gid] = image.user.split(':').map(Number);

    expect(spec.replicas).toBe(1);
    expect(container.image).toBe(`gantry:${version}`);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: uid, runAsGroup: gid, fsGroup: gid });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(options.shutdownTimeoutMs.default);
  });

  test('name the port, the probes and the volume that are there', () => {
    const mounts = new Map(container.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));

    expect(container.ports).toEqual([{ name: 'http', containerPort: image.ports[0] }]);
    expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(spec.volumeClaimTemplates.map(({ metadata }) => mounts.get(metadata.name))).toEqual(image.volumes);
  });

  test('find one another: Service, pods and network policy', async () => {
    const policy: unknown = parse(await readPage('docker/kubernetes/network-policy.yaml'));
    const { matchLabels } = spec.selector;

    expect(spec.template.metadata.labels).toEqual(matchLabels);
    expect(documents).toContainEqual(
      expect.objectContaining({
        kind: 'Service',
        metadata: expect.objectContaining({ name: spec.serviceName }),
        spec: { selector: matchLabels, ports: [{ name: 'http', port: image.ports[0], targetPort: 'http' }] },
      }),
    );
    expect(policy).toMatchObject({ spec: { podSelector: { matchLabels } } });
  });

  test('set variables that the broker knows, and name a file that a Secret brings', () => {
    const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
    const file = container.env.find(({ name }) => name === 'GANTRY_CONFIG')?.value ?? '';

    expect(container.env.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
    expect(mounts).toContain(file.replace(/\/[^/]+$/, ''));
  });

  test('are started as the page of containers says, with a file of users that the broker takes', async () => {
    const page = await readPage('docs/containers.md');
    const block = /^```yaml\n(# gantry\.yaml\n.*?)^```$/ms.exec(page)?.[1] ?? '';
    const file = join(await temporaryFolder(), 'gantry.yaml');
    writeFileSync(file, block);

    const { config } = await loadConfig({ flags: { config: [file] }, environment: {} });

    expect(config.users.map(({ name, isAdmin }) => [name, isAdmin])).toEqual([
      ['shop', false],
      ['prometheus', true],
    ]);
    expect(page).toContain('create secret generic gantry-config --from-file=gantry.yaml');
  });
});

describe('the systemd unit', async () => {
  const unit = await readPage('docker/systemd/gantry.service');
  const values = (name: string): readonly string[] =>
    [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

  test('sets variables that the broker knows, and keeps the messages where it may write', () => {
    const pairs = values('Environment').flatMap((text) => [...text.matchAll(/(\w+)=(\S+)/g)]);
    const variables = new Map(pairs.map(([, name = '', value = '']) => [name, value]));
    const ours = [...variables.keys()].filter((name) => name.startsWith('GANTRY_'));

    expect(ours.filter((name) => !known.includes(name))).toEqual([]);
    expect(variables.get('GANTRY_DATA_DIR')).toBe(`%S/${values('StateDirectory')[0]}`);
    expect(variables.get('SQLITE_TMPDIR')).toBe(variables.get('GANTRY_DATA_DIR'));
    expect(Number(values('TimeoutStopSec')[0]) * 1000).toBeGreaterThan(options.shutdownTimeoutMs.default);
    expect(Number(values('LimitNOFILE')[0])).toBeGreaterThan(options.connectionsMax.default);
  });

  // 250 is the first that rates a unit without a running systemd.
  const analyzer = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).stdout;
  const hasAnalyzer = Number(/^systemd (\d+)/.exec(analyzer ?? '')?.[1] ?? 0) >= 250;
  test.skipIf(!hasAnalyzer)('is understood by systemd, which rates it as little exposed', async () => {
    const file = join(await temporaryFolder(), 'gantry.service');
    cpSync(join(root, 'docker/systemd/gantry.service'), file);
    // The program has to be there to be looked at.
    writeFileSync(file, readFileSync(file, 'utf8').replace('/usr/local/bin/gantry serve', '/bin/true'));
    const analyze = (...args: readonly string[]) => spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });

    const verified = analyze('verify');
    // Of 100; a unit without any line of that kind has 96.
    const rated = analyze('security', '--offline=true', '--no-pager', '--threshold=15');

    expect(verified.stderr).toBe('');
    expect(verified.status).toBe(0);
    expect(rated.status, rated.stdout).toBe(0);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { loadAll } from 'js-yaml';
import { RESOURCES } from '../exporter/cluster/api/resources.ts';
import { watchers } from '../exporter/cluster/watchers/index.ts';
import { readConfig } from '../exporter/config/config.ts';
import { collectors } from '../exporter/node/collectors/index.ts';
import { get, startWebServer, WebConfigDirectory } from './exporter/server/web-server.ts';
import { until } from './exporter-process.ts';
import { PROJECT } from './paths.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[];
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

interface Container {
  readonly args: string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

const manifests = (name: string) => loadAll(readFileSync(join(PROJECT, 'deploy', name), 'utf8')) as Manifest[];

test('the cluster role may get, list and watch what it watches, and nothing else', () => {
  const roles = manifests('cluster.yaml').filter(({ kind }) => /Role$/.test(kind));
  const granted = roles.flatMap(({ rules }) =>
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.map((resource) => [resource, group, verbs.join()])),
    ),
  );
  const wanted = Object.entries(RESOURCES).map(([resource, { group }]) => [resource, group, 'get,list,watch']);
  assert.deepEqual(granted.sort(), wanted.sort());
});

for (const [file, kind, role] of [
  ['node.yaml', 'DaemonSet', 'node'],
  ['cluster.yaml', 'Deployment', 'cluster'],
] as const) {
  test(`${file} starts the role with flags that there are`, () => {
    const workload = manifests(file).find((manifest) => manifest.kind === kind);
    const [first, ...flags] = workload?.spec.template.spec.containers[0]?.args ?? [];
    assert.equal(first, role);
    readConfig(flags, collectors, watchers, {});
  });

  test(`the probes of ${file} pass with basic authentication, without credentials`, async (t) => {
    const workload = manifests(file).find((manifest) => manifest.kind === kind);
    const [container] = workload?.spec.template.spec.containers ?? [];
    const paths = [container?.readinessProbe, container?.livenessProbe].map((probe) => probe?.httpGet.path);
    assert.deepEqual(paths, ['/-/ready', '/-/healthy']);
    const users = `basic_auth_users: {alice: ${hashSync('wonderland', 4)}}\n`;
    const { address } = await startWebServer(t, [new WebConfigDirectory(t).configure(users)]);
    for (const path of paths) {
      await until(
        () => get(`http://${address}${path}`),
        ({ status }) => status === 200,
        30,
      );
    }
  });
}

test("the image and node.yaml have the host's paths where a flag of the user's own does not replace them", () => {
  const dockerfile = readFileSync(join(PROJECT, 'Dockerfile'), 'utf8');
  const ofImage = Object.fromEntries(
    [...dockerfile.matchAll(/^ +(FORESHOCK_\w+)=(\S+)/gm)].map(([, name, value]) => [name, value]),
  );
  const [container] = manifests('node.yaml').flatMap(({ spec, kind }) =>
    kind === 'DaemonSet' ? spec.template.spec.containers : [],
  );
  const ofManifest = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
  assert.match(dockerfile, /^CMD \["node"\]$/m);
  assert.deepEqual(container?.args, ['node']);
  for (const environment of [ofImage, ofManifest]) {
    const { general } = readConfig(['--log.level=debug'], collectors, watchers, environment);
    const paths = ['path.procfs', 'path.sysfs', 'path.rootfs'] as const;
    assert.deepEqual(
      paths.map((path) => general[path]),
      ['/host/proc', '/host/sys', '/host'],
    );
  }
});

test('foreshock.service starts the node role with flags that there are', () => {
  const unit = readFileSync(join(PROJECT, 'deploy/foreshock.service'), 'utf8');
  const [program, ...args] = /^ExecStart=\S*\/node (.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
  assert.equal(program, '/opt/foreshock/dist/cli/main.js');
  assert.equal(args[0], 'node');
  readConfig(args.slice(1), collectors, watchers, {});
});

test('all ways to install the node role grant the same capabilities, which SECURITY.md explains', () => {
  const text = (path: string) => readFileSync(join(PROJECT, path), 'utf8');
  const namesIn = (path: string, pattern: RegExp) => [...text(path).matchAll(pattern)].map(([, name]) => name);
  const ofManifest = /add: \[(.*)\]/.exec(text('deploy/node.yaml'))?.[1]?.split(', ') ?? [];
  const bounding = /^CapabilityBoundingSet=(.*)$/m.exec(text('deploy/foreshock.service'))?.[1]?.split(' ') ?? [];
  assert.equal(ofManifest.length, 2);
  assert.deepEqual(namesIn('README.md', /--cap-add=(\w+)/g), ofManifest);
  assert.deepEqual(
    bounding,
    ofManifest.map((name) => `CAP_${name}`),
  );
  assert.deepEqual(namesIn('SECURITY.md', /^\| `([A-Z_]+)` \|/gm), ofManifest);
});

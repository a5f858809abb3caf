import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { lines, locationsOn } from './locations-on.ts';

const containerd = (...args: string[]) => processEntries(60, 'containerd', { args, cgroup: '/containerd.service' });

const CONTAINERD = /^containerd/;

test('a host without containerd has no places of it', (t) => {
  assert.deepEqual(locationsOn(temporaryHost(t, {}).host), []);
});

test('a containerd without configuration has the defaults', (t) => {
  const { host } = temporaryHost(t, { ...containerd(), '/var/lib/containerd/x': '' });
  assert.deepEqual(lines(locationsOn(host)), [
    'containerd_root /var/lib/containerd found (it is there)',
    'containerd_state /run/containerd assumed (it is the default)',
    'containerd_snapshots /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs assumed (it is the default)',
    'containerd_socket /run/containerd/containerd.sock assumed (it is the default)',
  ]);
});

test('arguments go before the file that they name, and the file before the defaults', (t) => {
  const { host } = temporaryHost(t, {
    ...containerd('--config', '/etc/my.toml', '--root=/data/root', '-a', '/run/my.sock'),
    '/etc/my.toml': 'version = 2\nroot = "/other"\nstate = "/run/state"\n[grpc]\naddress = "/run/other.sock"\n',
  });
  const root = 'configured (containerd --root)';
  assert.deepEqual(lines(locationsOn(host)), [
    `containerd_root /data/root ${root}`,
    'containerd_state /run/state configured (/etc/my.toml)',
    `containerd_snapshots /data/root/io.containerd.snapshotter.v1.overlayfs ${root}`,
    'containerd_socket /run/my.sock configured (containerd --address)',
  ]);
});

test('what is imported goes before what imports it; files are read once, whoever imports them', (t) => {
  const { host } = temporaryHost(t, {
    ...containerd(),
    '/etc/containerd/config.toml':
      'version = 2\nroot = "/a"\nstate = "/b"\nimports = ["conf.d/*.toml", "last.toml", "gone.toml"]\n',
    '/etc/containerd/conf.d/2.toml': 'root = "/2"\nimports = ["../config.toml"]\n',
    '/etc/containerd/conf.d/1.toml': 'root = "/1"\n',
    '/etc/containerd/conf.d/3.conf': 'root = "/3"\n',
    '/etc/containerd/last.toml': 'root = ""\n[grpc]\naddress = "/run/last.sock"\n',
  });
  const found = lines(locationsOn(host), /root|state|socket/);
  assert.deepEqual(found, [
    'containerd_root /2 configured (/etc/containerd/conf.d/2.toml)',
    'containerd_state /b configured (/etc/containerd/config.toml)',
    'containerd_socket /run/last.sock configured (/etc/containerd/last.toml)',
  ]);
});

test('the snapshotters of the CRI plugin, in each version of the format', (t) => {
  const snapshots = (config: string, entries = {}) => {
    const { host } = temporaryHost(t, { ...containerd(), '/etc/containerd/config.toml': config, ...entries });
    return lines(locationsOn(host), /snapshots/).map((line) => line.split(' ').slice(1, 3).join(' '));
  };
  const below = (name: string) => `/var/lib/containerd/io.containerd.snapshotter.v1.${name} assumed`;
  assert.deepEqual(snapshots('[plugins.cri.containerd]\nsnapshotter = "native"\n'), [below('native')]);
  assert.deepEqual(snapshots('version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd]\nsnapshotter = "zfs"\n'), [
    below('zfs'),
  ]);
  const runtimes = `[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.kata]\nsnapshotter = "devmapper"\n`;
  assert.deepEqual(
    snapshots(`version = 3\n[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "overlayfs"\n${runtimes}`),
    [below('overlayfs'), below('devmapper')],
  );
  const rootPath = `version = 2\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\nroot_path = "/fast/snapshots"\n`;
  assert.deepEqual(snapshots(rootPath), ['/fast/snapshots configured']);
  const proxy = (exports = '') => `version = 2
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "stargz"
[proxy_plugins.stargz]
type = "snapshot"
address = "/run/containerd-stargz-grpc/containerd-stargz-grpc.sock"
${exports}
[proxy_plugins.other]
type = "content"
`;
  assert.deepEqual(snapshots(proxy()), ['/var/lib/containerd-stargz-grpc/snapshotter assumed']);
  const there = { '/var/lib/containerd-stargz-grpc/snapshotter/x': '' };
  assert.deepEqual(snapshots(proxy(), there), ['/var/lib/containerd-stargz-grpc/snapshotter found']);
  assert.deepEqual(snapshots(proxy('exports = { root = "/fast/stargz" }')), ['/fast/stargz configured']);
});

test('version 4 of the format has the socket in a plugin', (t) => {
  const { host } = temporaryHost(t, {
    ...containerd(),
    '/etc/containerd/config.toml':
      'version = 4\n[plugins."io.containerd.server.v1.grpc"]\naddress = "/run/four.sock"\n',
  });
  assert.deepEqual(lines(locationsOn(host), /socket/), [
    'containerd_socket /run/four.sock configured (/etc/containerd/config.toml)',
  ]);
});

const LAYOUTS = {
  k3s: ['/var/lib/rancher/k3s/agent/containerd', '/run/k3s/containerd', '/run/k3s/containerd/containerd.sock'],
  RKE2: ['/var/lib/rancher/rke2/agent/containerd', '/run/k3s/containerd', '/run/k3s/containerd/containerd.sock'],
  k0s: ['/var/lib/k0s/containerd', '/run/k0s/containerd', '/run/k0s/containerd.sock'],
  MicroK8s: [
    '/var/snap/microk8s/common/var/lib/containerd',
    '/var/snap/microk8s/common/run/containerd',
    '/var/snap/microk8s/common/run/containerd.sock',
  ],
} as const;

for (const [name, [root, state, socket]] of Object.entries(LAYOUTS)) {
  test(`the containerd of ${name}, running and down`, (t) => {
    const running = temporaryHost(t, containerd('--root', root, '--state', state, '--address', socket));
    assert.deepEqual(
      lines(locationsOn(running.host), /root|state|socket/).map((line) => line.split(' (')[0]),
      [
        `containerd_root ${root} configured`,
        `containerd_state ${state} configured`,
        `containerd_socket ${socket} configured`,
      ],
    );
    const layers = `${root}/io.containerd.snapshotter.v1.overlayfs`;
    const down = temporaryHost(t, { [`${layers}/x`]: '', [`${state}/x`]: '' });
    assert.deepEqual(lines(locationsOn(down.host, { endpoint: `unix://${socket}` })).sort(), [
      `containerd_root ${root} found (it is there)`,
      `containerd_snapshots ${layers} found (it is there)`,
      `containerd_socket ${socket} configured (the kubelet's runtime endpoint)`,
      `containerd_state ${state} found (it is there)`,
    ]);
  });
}

test("Bottlerocket's containerd listens at dockershim.sock; its other one is not the kubelet's", (t) => {
  const { host } = temporaryHost(t, {
    ...processEntries(50, 'containerd', { args: ['--config', '/etc/host-containerd/config.toml'] }),
    '/etc/host-containerd/config.toml':
      'version = 2\nroot = "/var/lib/host-containerd"\nstate = "/run/host-containerd"\n[grpc]\naddress = "/run/host-containerd/host-containerd.sock"\n',
    ...containerd(),
    '/etc/containerd/config.toml': 'version = 2\n[grpc]\naddress = "/run/dockershim.sock"\n',
  });
  const found = locationsOn(host, { endpoint: 'unix:///run/dockershim.sock' });
  assert.deepEqual(lines(found, /containerd_socket/), [
    'containerd_socket /run/dockershim.sock configured (/etc/containerd/config.toml)',
    'containerd_socket /run/host-containerd/host-containerd.sock configured (/etc/host-containerd/config.toml)',
  ]);
});

test('Talos has two, one for pods with a configuration of its own', (t) => {
  const { host } = temporaryHost(t, {
    ...containerd('--address', '/run/containerd/containerd.sock', '--config', '/etc/cri/containerd.toml'),
    '/etc/cri/containerd.toml': 'version = 3\nimports = ["/etc/cri/conf.d/cri.toml"]\n',
    '/etc/cri/conf.d/cri.toml': 'version = 3\nroot = "/var/lib/containerd"\n',
  });
  assert.deepEqual(lines(locationsOn(host), /root/), [
    'containerd_root /var/lib/containerd configured (/etc/cri/conf.d/cri.toml)',
  ]);
});

test('the containerd that dockerd runs for itself has no socket that counts', (t) => {
  const { host } = temporaryHost(t, {
    ...containerd('--config', '/run/docker/containerd/containerd.toml'),
    '/run/docker/containerd/containerd.toml':
      'root = "/var/lib/docker/containerd/daemon"\nstate = "/run/docker/containerd/daemon"\n[grpc]\naddress = "/run/docker/containerd/containerd.sock"\n',
  });
  assert.deepEqual(lines(locationsOn(host), /socket/), []);
});

test('while it is down, or its file is broken, what it was configured with before stays', (t) => {
  const args = ['--root=/data/root', '--address=/run/my.sock'];
  const before = locationsOn(temporaryHost(t, containerd(...args)).host);
  const configured = /^containerd_(root|socket)/;
  const down = locationsOn(temporaryHost(t, {}).host, { previous: before });
  assert.deepEqual(lines(down, configured), lines(before, configured));
  const faults: string[] = [];
  const { host } = temporaryHost(t, { ...containerd(), '/etc/containerd/config.toml': 'root = secret' });
  const fault = (about: string, error: unknown) => faults.push(`${about}: ${(error as Error).message}`);
  const broken = locationsOn(host, { previous: before, fault });
  assert.deepEqual(lines(broken, configured), lines(before, configured));
  assert.ok(faults.includes('the configuration of containerd: /etc/containerd/config.toml: not valid TOML (line 1)'));
  assert.ok(!faults.join().includes('secret'));
  const again = locationsOn(temporaryHost(t, containerd()).host, { previous: before });
  assert.deepEqual(lines(again, /root/), ['containerd_root /var/lib/containerd assumed (it is the default)']);
});

test('imports without end are a fault', (t) => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`/etc/containerd/${index}.toml`, `imports = ["${index + 1}.toml"]`]),
  );
  const faults: string[] = [];
  const { host } = temporaryHost(t, { ...containerd('--config=/etc/containerd/0.toml'), ...files });
  locationsOn(host, { fault: (about, error) => faults.push(`${about}: ${(error as Error).message}`) });
  assert.match(faults.join(), /imports more than 100 files/);
});

test('what mounts tell is found', (t) => {
  const id = 'a'.repeat(64);
  const mount = `1 0 0:1 / /data/state/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs rw - overlay overlay rw,upperdir=/data/root/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs\n`;
  const { host } = temporaryHost(t, { '/proc/1/mountinfo': mount });
  assert.deepEqual(lines(locationsOn(host), CONTAINERD), [
    'containerd_state /data/state found (the mount table)',
    'containerd_snapshots /data/root/io.containerd.snapshotter.v1.overlayfs found (the mount table)',
  ]);
});

test('while it is down, its service says what it would be started with', (t) => {
  const unit = '/usr/lib/systemd/system/containerd.service';
  const found = (args: string) =>
    lines(locationsOn(temporaryHost(t, { [unit]: `[Service]\nExecStart=/usr/bin/containerd ${args}\n` }).host));
  assert.deepEqual(found(''), [], 'its defaults say nothing');
  assert.deepEqual(found('--root /data --address=/run/x.sock'), [
    `containerd_root /data configured (${unit})`,
    `containerd_snapshots /data/io.containerd.snapshotter.v1.overlayfs configured (${unit})`,
    `containerd_socket /run/x.sock configured (${unit})`,
  ]);
});

test('of two, the one that is down is remembered while the other runs', (t) => {
  const docker = processEntries(50, 'containerd');
  const k3s = containerd('--root=/data/k3s', '--address=/run/k3s/containerd/containerd.sock');
  const before = locationsOn(temporaryHost(t, { ...docker, ...k3s }).host);
  const down = locationsOn(temporaryHost(t, docker).host, { previous: before });
  assert.deepEqual(lines(down, /root/), [
    'containerd_root /data/k3s configured (containerd --root)',
    'containerd_root /var/lib/containerd assumed (it is the default)',
  ]);
  const moved = containerd('--root=/other', '--address=/run/k3s/containerd/containerd.sock');
  const again = locationsOn(temporaryHost(t, { ...docker, ...moved }).host, { previous: down });
  assert.deepEqual(lines(again, /root/), [
    'containerd_root /other configured (containerd --root)',
    'containerd_root /var/lib/containerd assumed (it is the default)',
  ]);
});

test('a file that says something of a plugin takes what was said of it before, since 2.0 its keys are merged', (t) => {
  const snapshots = (version: number) => {
    const overlayfs = '[plugins."io.containerd.snapshotter.v1.overlayfs"]';
    const { host } = temporaryHost(t, {
      ...containerd(),
      '/etc/containerd/config.toml': `version = ${version}\nimports = ["a.toml"]\n${overlayfs}\nroot_path = "/fast"\n`,
      '/etc/containerd/a.toml': `version = ${version}\n${overlayfs}\nupperdir_label = true\n`,
    });
    return lines(locationsOn(host), /snapshots/);
  };
  const below = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs';
  assert.deepEqual(snapshots(2), [`containerd_snapshots ${below} assumed (it is the default)`]);
  assert.deepEqual(snapshots(3), ['containerd_snapshots /fast configured (/etc/containerd/config.toml)']);
});

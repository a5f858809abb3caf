import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import { dockerContainers, parseOwner } from '../../../../exporter/node/containers/docker.ts';
import { layersByContainer } from '../../../../exporter/node/containers/runtime.ts';
import type { Host } from '../../../../exporter/node/host/host.ts';
import { readMountTable } from '../../../../exporter/node/kernel/mountinfo.ts';
import { anyJsonText, assertOwner, parsesOrThrows } from '../../../any-json.ts';
import { FIXTURES } from '../../../paths.ts';
import { temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { locationsOn } from '../locations/locations-on.ts';

const ID = 'e8dcd832581c11f5ee7dd0636a02b1da8b85a610cf805a73718ac95c6415ae15';
const GONE = 'c65139d81241cbbffa6f63c82e18d5db57b84df6f741a4c3f5029e83273a1e88';

function find(host: Host, dockerRoot = '', known: readonly Container[] = []) {
  const faults: string[] = [];
  const { mounts: overlays } = readMountTable(host, ['overlay']);
  const layers = layersByContainer(overlays);
  const fault = (about: string) => faults.push(about);
  const locations = locationsOn(host, { dockerRoot, fault });
  const context = {
    host,
    overlays,
    layers,
    known: new Map(known.map((container) => [container.id, container])),
    locations,
    progress: () => {},
    fault,
  };
  return { containers: dockerContainers(context), faults };
}

test('the owner of a plain container is its name', () => {
  assert.deepEqual(parseOwner('{"Name":"/web","Config":{"Labels":{}}}'), { namespace: '', pod: '', container: 'web' });
  assert.deepEqual(parseOwner('{"Name":"/a_b.c-1","Config":{"Labels":null}}').container, 'a_b.c-1');
  for (const text of ['{}', '{"Name":"/"}', '{"Name":""}', '{"Name":7}', '[]', 'null', '"x"']) {
    assert.deepEqual(parseOwner(text), { namespace: '', pod: '', container: 'unknown' }, text);
  }
});

const LABELS = {
  'io.kubernetes.container.name': 'app',
  'io.kubernetes.pod.name': 'shop-0',
  'io.kubernetes.pod.namespace': 'shop',
};
const APP = { namespace: 'shop', pod: 'shop-0', container: 'app' };

function labelled(Name: string, labels: object, cgroupParent?: string) {
  return parseOwner(JSON.stringify({ Name, Config: { Labels: labels } }), cgroupParent);
}

test('the owner of a container of cri-dockerd is in its labels and its name', () => {
  const name = '/k8s_app_shop-0_shop_5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a_0';
  assert.deepEqual(labelled(name, LABELS), APP);
  assert.deepEqual(labelled(`${name}_0a1b2c3d`, LABELS), APP, 'the name was taken');
  const sandbox = { ...LABELS, 'io.kubernetes.container.name': 'POD' };
  assert.equal(labelled(name.replace('app', 'POD'), sandbox).container, 'POD');
  for (const parent of [
    '/kubepods/burstable/pod5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a',
    'kubepods-besteffort-pod5a4f5c2e_9d1b_4d8e_8f5c_0c1f6b7e2d3a.slice',
    '/kubelet/kubepods/pod5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a',
  ]) {
    assert.deepEqual(labelled(name, LABELS, parent), APP, parent);
  }
});

test('what labels say alone is not believed: the container keeps its Docker name', () => {
  const plain = (container: string) => ({ namespace: '', pod: '', container });
  const name = '/k8s_app_shop-0_shop_uid_0';
  const of = { ...LABELS };
  assert.deepEqual(labelled('/web', of), plain('web'), 'the labels of an image');
  assert.deepEqual(labelled('/web', {}), plain('web'));
  for (const key of Object.keys(LABELS)) {
    for (const value of ['other', '', 1, undefined]) {
      assert.deepEqual(labelled(name, { ...LABELS, [key]: value }), plain(name.slice(1)), `${key}: ${value}`);
    }
  }
  for (const other of [
    '/k8s_app_shop-0_shop_0',
    '/k8s_app_shop-0_shop_uid_x',
    '/x/k8s_app_shop-0_shop_uid_0',
    '/k8s_',
  ]) {
    assert.deepEqual(labelled(other, LABELS), plain(other.slice(1)), other);
  }
  for (const parent of ['', '/docker', '/my-pods', 'system.slice']) {
    assert.deepEqual(labelled(name, LABELS, parent), plain(name.slice(1)), `below ${parent}`);
  }
});

test('empty labels make no container without a name', () => {
  const empty = Object.fromEntries(Object.keys(LABELS).map((key) => [key, '']));
  assert.equal(labelled('/web', empty).container, 'web');
  assert.equal(labelled('', empty).container, 'unknown');
});

test('a configuration that is too large keeps its container, without a name and without a fault', (t) => {
  const directory = `/var/lib/docker/containers/${ID}`;
  const { host, root } = temporaryHost(t, {
    [`${directory}/config.v2.json`]: '{"Name":"/web"}',
    [`${directory}/hostconfig.json`]: '{"LogConfig":{"Type":"journald"}}',
  });
  truncateSync(join(root, directory, 'config.v2.json'), 1024 ** 4);
  const { containers, faults } = find(host);
  assert.deepEqual(faults, []);
  assert.deepEqual(containers, [
    { id: ID, runtime: 'docker', namespace: '', pod: '', container: 'unknown', unread: 'configuration_too_large' },
  ]);
});

test('a link from a configuration out of the data root, or a FIFO, is not read', (t) => {
  const directory = `/var/lib/docker/containers/${ID}`;
  const { host, root } = temporaryHost(t, {
    [`${directory}/config.v2.json`]: { link: '../../../../../secret' },
    [`${directory}/hostconfig.json`]: '{"LogConfig":{"Type":"journald"}}',
    '/secret': '{"Name":"/secret"}',
  });
  assert.deepEqual(
    find(host).containers.map(({ container }) => container),
    ['unknown'],
  );
  rmSync(join(root, directory, 'config.v2.json'));
  execFileSync('mkfifo', [join(root, directory, 'config.v2.json')]);
  const { containers, faults } = find(host);
  assert.equal(containers[0]?.unread, 'configuration_unreadable');
  assert.deepEqual(faults, [`${directory}/config.v2.json`]);
});

test('the recorded containers have names', () => {
  const directory = join(FIXTURES, 'host-containerd-cgroup1/var/lib/docker/containers');
  for (const id of readdirSync(directory)) {
    const owner = parseOwner(readFileSync(join(directory, id, 'config.v2.json'), 'utf8'));
    assert.match(owner.container, /^[a-z0-9][\w.-]+$/i);
    assert.equal(owner.pod, '');
  }
});

test('any JSON has an owner of three texts, and what is cut off is an error', () => {
  fc.assert(
    fc.property(anyJsonText('Name', 'Config', 'Labels', 'io.kubernetes.pod.name'), (text) => {
      parsesOrThrows(text, parseOwner, assertOwner);
    }),
  );
});

test('containers of the default data root, a broken one among them', (t) => {
  const root = '/var/lib/docker';
  const { host } = temporaryHost(t, {
    [`${root}/containers/${ID}/config.v2.json`]: '{"Name":"/web"}',
    [`${root}/containers/${ID}/hostconfig.json`]: '{"LogConfig":{"Type":"json-file","Config":{"max-size":"1m"}}}',
    [`${root}/containers/${GONE}/config.v2.json`]: '{"Name":"/cut',
    [`${root}/containers/${GONE}/hostconfig.json`]: '{"LogConfig":{"Type":"journald"}}',
    [`${root}/containers/lost+found/x`]: '',
    [`${root}/image/overlay2/layerdb/mounts/${ID}/mount-id`]: 'abc\n',
  });
  const { containers, faults } = find(host);
  const log = { path: `${root}/containers/${ID}/${ID}-json.log`, limit: 1_000_000 };
  const common = { runtime: 'docker', namespace: '', pod: '' };
  const described = containers.map(({ version: _, ...container }) => container);
  assert.deepEqual(described, [
    { ...common, id: GONE, container: 'unknown', unread: 'configuration_unreadable' },
    { ...common, id: ID, container: 'web', layer: `${root}/overlay2/abc/diff`, log },
  ]);
  assert.deepEqual(faults, [`${root}/containers/${GONE}/config.v2.json`]);
});

test('a layer whose container is gone is still there', (t) => {
  const mounts = '/var/lib/docker/image/overlay2/layerdb/mounts';
  const { host } = temporaryHost(t, { [`${mounts}/${GONE}/mount-id`]: 'def' });
  const { containers, faults } = find(host);
  assert.deepEqual(
    containers.map(({ id, container, layer }) => [id, container, layer]),
    [[GONE, 'unknown', '/var/lib/docker/overlay2/def/diff']],
  );
  assert.deepEqual(faults, []);
});

test('data roots of daemon.json and of mount points', (t) => {
  const upper = '/data/docker/containerd/snapshots/7/fs';
  const at = (root: string, id: string) => ({ [`${root}/containers/${id}/config.v2.json`]: '{"Name":"/x"}' });
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64)) as [string, string, string, string];
  const { host } = temporaryHost(t, {
    '/etc/docker/daemon.json': '{"data-root": "/srv//docker/"}',
    // Docker 29 names the mount points of containerd's snapshots by the container.
    '/proc/1/mountinfo': `1 0 0:1 / /data/docker/rootfs/overlayfs/${b} rw - overlay overlay rw,upperdir=${upper}\n2 0 0:2 / /old/docker/overlay2/0f/merged rw - overlay overlay rw,upperdir=/old/docker/overlay2/0f/diff\n`,
    ...at('/srv/docker', a),
    ...at('/data/docker', b),
    ...at('/old/docker', c),
    ...at('/var/lib/docker', d),
  });
  const found = find(host).containers.map(({ id, layer, log }) => [id, layer, log?.path]);
  assert.deepEqual(found.sort(), [
    [a, undefined, `/srv/docker/containers/${a}/${a}-json.log`],
    [b, upper, `/data/docker/containers/${b}/${b}-json.log`],
    [c, undefined, `/old/docker/containers/${c}/${c}-json.log`],
    [d, undefined, `/var/lib/docker/containers/${d}/${d}-json.log`],
  ]);
  assert.deepEqual(
    find(host, '/srv/docker').containers.map(({ id }) => id),
    [a],
  );
});

test('a daemon.json that is no JSON hides its own data root alone', (t) => {
  const { host } = temporaryHost(t, {
    '/etc/docker/daemon.json': '{"data-root": ',
    [`/var/lib/docker/containers/${ID}/config.v2.json`]: '{"Name":"/web"}',
  });
  const { containers, faults } = find(host);
  assert.deepEqual(
    containers.map(({ container }) => container),
    ['web'],
  );
  assert.deepEqual(faults, ['/etc/docker/daemon.json']);
});

const CONTAINERS = '/var/lib/docker/containers';

/** A container of Docker with these fields in its configuration, and how it is found, by what is known of it. */
function findOne(t: TestContext, config: object, log: object, entries = {}, known: Container[] = [], mountinfo = '') {
  const { host } = temporaryHost(t, {
    '/proc/1/mountinfo': mountinfo,
    [`${CONTAINERS}/${ID}/config.v2.json`]: JSON.stringify({ Name: '/web', ...config }),
    [`${CONTAINERS}/${ID}/hostconfig.json`]: JSON.stringify({ LogConfig: log }),
    ...entries,
  });
  return find(host, '', known).containers[0];
}

test('the log of each driver: its own files, the copy that Docker keeps, or none', (t) => {
  const logOf = (Type: string) => {
    const log = findOne(t, {}, { Type, Config: {} })?.log;
    return log && [log.path.slice(`${CONTAINERS}/${ID}/`.length), log.isOptional];
  };
  assert.deepEqual(logOf('json-file'), [`${ID}-json.log`, undefined]);
  assert.deepEqual(logOf('local'), ['local-logs/container.log', undefined]);
  for (const driver of ['gelf', 'syslog', 'fluentd', 'awslogs', 'splunk:latest']) {
    assert.deepEqual(logOf(driver), ['container-cached.log', true], driver);
  }
  assert.deepEqual(['none', 'journald'].map(logOf), [undefined, undefined]);
});

test('with an image store the layer of a container is that of its mount, and stays when it exits', (t) => {
  const snapshots = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
  const layer = `${snapshots}/12/fs`;
  const mount = `1 0 0:1 / /var/lib/docker/rootfs/overlayfs/${ID} rw - overlay overlay rw,upperdir=${layer}\n`;
  const log = { Type: 'none' };
  const running = findOne(t, { Driver: 'overlayfs' }, log, {}, [], mount);
  assert.equal(running?.layer, layer);
  const exited = (entries: object) => findOne(t, { Driver: 'overlayfs' }, log, entries, running ? [running] : []);
  assert.equal(exited({ [`${layer}/x`]: '' })?.layer, layer);
  assert.deepEqual(
    [exited({})?.layer, exited({})?.missingLayer],
    [undefined, 'layer_not_found'],
    'its snapshot is gone',
  );
  assert.equal(findOne(t, { Driver: 'overlayfs' }, log)?.missingLayer, 'layer_not_found', 'never seen running');
});

test('a container that was read before its layer was mounted is read again', (t) => {
  const mount = `1 0 0:1 / /var/lib/docker/rootfs/overlayfs/${ID} rw - overlay overlay rw,upperdir=/u\n`;
  const { host, root } = temporaryHost(t, {
    [`${CONTAINERS}/${ID}/config.v2.json`]: '{"Name":"/web","Driver":"overlayfs"}',
    [`${CONTAINERS}/${ID}/hostconfig.json`]: '{"LogConfig":{"Type":"none"}}',
  });
  const before = find(host).containers;
  writeEntries(root, { '/proc/1/mountinfo': mount });
  assert.deepEqual([before[0]?.layer, find(host, '', before).containers[0]?.layer], [undefined, '/u']);
});

test('layers of other storage drivers: a directory of its own name, or nothing to walk', (t) => {
  const mounts = `/var/lib/docker/image/fuse-overlayfs/layerdb/mounts/${ID}/mount-id`;
  const fuse = findOne(t, { Driver: 'fuse-overlayfs' }, { Type: 'none' }, { [mounts]: 'abc' });
  assert.equal(fuse?.layer, '/var/lib/docker/fuse-overlayfs/abc/diff');
  for (const Driver of ['btrfs', 'zfs', 'vfs', 'devicemapper', 'native']) {
    assert.equal(findOne(t, { Driver }, { Type: 'none' })?.missingLayer, 'layer_not_walkable', Driver);
  }
});

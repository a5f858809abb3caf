import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { lines, locationsOn } from './locations-on.ts';

const dockerd = (...args: string[]) => processEntries(50, 'dockerd', { args, cgroup: '/docker.service' });

const ROOT = /docker_root/;
const SOCKET = /docker_socket/;

test('the data root of daemon.json, while dockerd is down too, and its old name', (t) => {
  const found = (file: string, entries = {}) => {
    const { host } = temporaryHost(t, { '/etc/docker/daemon.json': file, ...entries });
    return lines(locationsOn(host), ROOT);
  };
  const configured = ['docker_root /srv configured (/etc/docker/daemon.json)'];
  assert.deepEqual(found('{"data-root": "/srv/"}'.replace('/srv/', '/srv')), configured);
  assert.deepEqual(found('{"graph": "/srv"}', dockerd()), configured);
  assert.deepEqual(found('{}'), ['docker_root /var/lib/docker assumed (it is the default)']);
  assert.deepEqual(found('{}', { '/var/lib/docker/x': '' }), ['docker_root /var/lib/docker found (it is there)']);
});

test('arguments of dockerd, its configuration file among them', (t) => {
  const found = (...args: string[]) => {
    const { host } = temporaryHost(t, {
      ...dockerd(...args),
      '/my.json': '{"data-root": "/mine", "hosts": ["unix:///run/mine.sock", "tcp://0.0.0.0:2376"]}',
    });
    return lines(locationsOn(host));
  };
  const socket = 'docker_socket /run/docker.sock assumed (it is the default)';
  for (const args of [['--data-root=/data'], ['--data-root', '/data'], ['--graph', '/data'], ['-g', '/data']]) {
    assert.deepEqual(found(...args), ['docker_root /data configured (dockerd --data-root)', socket], args.join(' '));
  }
  assert.deepEqual(found('-H', 'fd://', '--data-root=/data').at(-1), socket);
  assert.deepEqual(found('-H', 'unix:///a.sock', '--host=unix:///b.sock', '--data-root=/data'), [
    'docker_root /data configured (dockerd --data-root)',
    'docker_socket /a.sock configured (dockerd --host)',
    'docker_socket /b.sock configured (dockerd --host)',
  ]);
  assert.deepEqual(found('-H', 'tcp://127.0.0.1:2375').length, 1);
  assert.deepEqual(found('--config-file=/my.json'), [
    'docker_root /mine configured (/my.json)',
    'docker_socket /run/mine.sock configured (/my.json)',
  ]);
});

test('with user namespaces the data root is in the data root, that of before is there too', (t) => {
  const entries = { '/var/lib/docker/165536.165536/containers/x': '', '/var/lib/docker/containers/x': '' };
  const inside = '/var/lib/docker/165536.165536';
  const file = { '/etc/docker/daemon.json': '{"userns-remap": "default"}' };
  const roots = (more: object, given = {}) =>
    lines(locationsOn(temporaryHost(t, { ...entries, ...more }).host, given), ROOT);
  assert.deepEqual(roots(file), [
    `docker_root ${inside} configured (/etc/docker/daemon.json)`,
    'docker_root /var/lib/docker found (it is there)',
  ]);
  assert.deepEqual(roots(dockerd('--userns-remap=default')), [
    `docker_root ${inside} configured (dockerd --userns-remap)`,
    'docker_root /var/lib/docker found (it is there)',
  ]);
  assert.deepEqual(roots({}), [
    'docker_root /var/lib/docker found (it is there)',
    `docker_root ${inside} found (it is there)`,
  ]);
  assert.deepEqual(roots(file, { dockerRoot: '/var/lib/docker' }), [
    'docker_root /var/lib/docker configured (the flag docker-root)',
    `docker_root ${inside} found (it is there)`,
  ]);
});

test('a data root that the user gave is the only one', (t) => {
  const { host } = temporaryHost(t, { ...dockerd('--data-root=/data'), '/var/lib/docker/x': '' });
  assert.deepEqual(lines(locationsOn(host, { dockerRoot: '/given' }), ROOT), [
    'docker_root /given configured (the flag docker-root)',
  ]);
});

test('what its arguments were stays while dockerd is down, and not when it runs with others', (t) => {
  const before = locationsOn(temporaryHost(t, dockerd('--data-root=/data', '-H', 'unix:///run/my.sock')).host);
  const down = locationsOn(temporaryHost(t, { '/var/lib/docker/x': '' }).host, { previous: before });
  assert.deepEqual(lines(down, ROOT), [
    'docker_root /data configured (dockerd --data-root)',
    'docker_root /var/lib/docker found (it is there)',
  ]);
  assert.equal(lines(down, SOCKET)[0], 'docker_socket /run/my.sock configured (dockerd --host)');
  const other = locationsOn(temporaryHost(t, dockerd('--data-root=/other')).host, { previous: before });
  assert.deepEqual(lines(other, ROOT), ['docker_root /other configured (dockerd --data-root)']);
});

test('the snap of Docker, running and down', (t) => {
  const root = '/var/snap/docker/common/var-lib-docker';
  const config = '/var/snap/docker/2932/config/daemon.json';
  const args = ['--group', 'docker', '--exec-root=/run/snap.docker', `--data-root=${root}`, `--config-file=${config}`];
  const running = temporaryHost(t, { ...dockerd(...args), [config]: '{"log-level": "error"}' });
  assert.deepEqual(lines(locationsOn(running.host), ROOT), [`docker_root ${root} configured (dockerd --data-root)`]);
  const down = temporaryHost(t, { [`${root}/containers/x`]: '' });
  assert.deepEqual(lines(locationsOn(down.host), ROOT), [`docker_root ${root} found (it is there)`]);
});

test('a broken daemon.json is a fault without its text, and hides nothing else', (t) => {
  const faults: string[] = [];
  const { host } = temporaryHost(t, { '/etc/docker/daemon.json': '{"secret', '/var/lib/docker/x': '' });
  const fault = (about: string, error: unknown) => faults.push(`${about}: ${(error as Error).message}`);
  assert.deepEqual(lines(locationsOn(host, { fault }), ROOT), ['docker_root /var/lib/docker found (it is there)']);
  assert.match(faults.join('\n'), /^\/etc\/docker\/daemon\.json: \/etc\/docker\/daemon\.json: [^"\n]*$/);
});

test('while dockerd is down, its service says what it would be started with', (t) => {
  const unit = '[Service]\nEnvironmentFile=-/etc/default/docker\nExecStart=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS\n';
  const service = { '/usr/lib/systemd/system/docker.service': unit };
  const found = (entries: object) => lines(locationsOn(temporaryHost(t, { ...service, ...entries }).host));
  assert.deepEqual(found({}), [], 'its defaults say nothing');
  assert.deepEqual(found({ '/etc/default/docker': 'DOCKER_OPTS="--data-root=/data -H unix:///run/x.sock"\n' }), [
    'docker_root /data configured (/usr/lib/systemd/system/docker.service)',
    'docker_socket /run/x.sock configured (/usr/lib/systemd/system/docker.service)',
  ]);
  const dropIn = '/etc/systemd/system/docker.service.d/root.conf';
  assert.deepEqual(found({ [dropIn]: '[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd --data-root /data\n' }), [
    `docker_root /data configured (${dropIn})`,
  ]);
});

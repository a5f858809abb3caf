import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost } from '../host/temporary-host.ts';
import { lines, locationsOn } from './locations-on.ts';

const crio = (...args: string[]) => processEntries(70, 'crio', { args, cgroup: '/crio.service' });

test('a CRI-O without configuration has the defaults', (t) => {
  assert.deepEqual(lines(locationsOn(temporaryHost(t, crio()).host)), [
    'crio_root /var/lib/containers/storage assumed (it is the default)',
    'crio_run_root /run/containers/storage assumed (it is the default)',
    'crio_socket /run/crio/crio.sock assumed (it is the default)',
  ]);
});

const FILES = {
  '/usr/share/containers/storage.conf': '[storage]\ngraphroot = "/usr"\n',
  '/etc/containers/storage.conf':
    '[storage]\ndriver = "overlay"\ngraphroot = "/g"\nrunroot = "/r"\nimagestore = "/i"\n',
  '/etc/crio/crio.conf': '[crio]\nroot = "/main"\n[crio.api]\nlisten = "/run/main.sock"\n',
  '/etc/crio/crio.conf.d/20-last.conf': '[crio]\nroot = "/last"\n',
  '/etc/crio/crio.conf.d/10-first.conf': '[crio]\nroot = "/first"\nimagestore = "/images"\n',
  '/etc/crio/crio.conf.d/00-default': '[crio]\nroot = ""\nimagestore = "/before"\n',
};

test('arguments go before drop-ins, these before crio.conf and that before storage.conf', (t) => {
  const running = temporaryHost(t, { ...FILES, ...crio('--runroot=/given', '-c', '/etc/crio/crio.conf') });
  assert.deepEqual(lines(locationsOn(running.host)).sort(), [
    'crio_images /images configured (/etc/crio/crio.conf.d/10-first.conf)',
    'crio_root /last configured (/etc/crio/crio.conf.d/20-last.conf)',
    'crio_run_root /given configured (crio --runroot)',
    'crio_socket /run/main.sock configured (/etc/crio/crio.conf)',
  ]);
  const down = lines(locationsOn(temporaryHost(t, FILES).host));
  assert.ok(down.includes('crio_run_root /r configured (/etc/containers/storage.conf)'));
  assert.ok(down.includes('crio_root /last configured (/etc/crio/crio.conf.d/20-last.conf)'));
});

test('a drop-in that is no TOML is a fault without its text', (t) => {
  const faults: string[] = [];
  const { host } = temporaryHost(t, { ...crio(), '/etc/crio/crio.conf.d/x': '[crio]\nroot = secret\n' });
  locationsOn(host, { fault: (_, error) => faults.push((error as Error).message) });
  assert.equal(faults[0], '/etc/crio/crio.conf.d/x: not valid TOML (line 2)');
  assert.ok(!faults.join().includes('secret'));
});

test('the storage of Podman alone is no CRI-O', (t) => {
  const { '/etc/containers/storage.conf': storage } = FILES;
  assert.deepEqual(locationsOn(temporaryHost(t, { '/etc/containers/storage.conf': storage }).host), []);
});

test('what is left of one is found, and what was configured stays while it is down', (t) => {
  const entries = { '/var/lib/containers/storage/overlay-containers/x': '' };
  const found = 'crio_root /var/lib/containers/storage found (it is there)';
  assert.deepEqual(lines(locationsOn(temporaryHost(t, entries).host)), [found]);
  const previous = locationsOn(temporaryHost(t, crio('--root=/data')).host);
  assert.deepEqual(lines(locationsOn(temporaryHost(t, entries).host, { previous }), /crio_root/), [
    'crio_root /data configured (crio --root)',
    found,
  ]);
});

test("the kubelet's endpoint is its socket", (t) => {
  const endpoint = 'unix:///var/run/crio/crio.sock';
  assert.deepEqual(lines(locationsOn(temporaryHost(t, {}).host, { endpoint })), [
    "crio_socket /var/run/crio/crio.sock configured (the kubelet's runtime endpoint)",
    'crio_root /var/lib/containers/storage assumed (it is the default)',
    'crio_run_root /run/containers/storage assumed (it is the default)',
  ]);
});

test('while it is down, its service says what it would be started with', (t) => {
  const unit = '/usr/lib/systemd/system/crio.service';
  const { host } = temporaryHost(t, { [unit]: '[Service]\nExecStart=/usr/bin/crio --root=/data\n' });
  assert.deepEqual(lines(locationsOn(host), /crio_root/), [`crio_root /data configured (${unit})`]);
});

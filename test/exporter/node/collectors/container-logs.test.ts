import assert from 'node:assert/strict';
import { appendFileSync, lstatSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { containerLogs } from '../../../../exporter/node/collectors/container-logs.ts';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import { directoryOf } from '../containers/directory-of.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const CONTAINERS = '/var/lib/docker/containers';
const POD = '/var/log/pods/shop_web-0_uid';
const MIB = 1024 ** 2;

/** A container of Docker with a log that may grow to 100 bytes. */
function docker(container: string, digit: string): Container & { log: { path: string } } {
  const id = digit.repeat(64);
  const log = { path: `${CONTAINERS}/${id}/${id}-json.log`, limit: 100 };
  return { id, runtime: 'docker', namespace: '', pod: '', container, log };
}

const [WEB, DB] = [docker('web', 'a'), docker('db', 'b')];
const of = (container: string, pod = '') => `{namespace="${pod && 'shop'}",pod="${pod}",container="${container}"}`;
const ALL_READ = { log_unreadable: 0, log_partly_read: 0 };

/** Seconds of Unix time: files that a test makes are created after the first look, unless it is said to be in the future. */
const LONG_AGO = Date.now() / 1000 - 1000;
const IN_FUTURE = Date.now() / 1000 + 1000;

/** Looks at logs that change, a quarter of a minute after one another. */
function looks(t: TestContext, entries: Record<string, Entry>, firstAt = LONG_AGO) {
  const { host, root } = temporaryHost(t, entries);
  let [previous, elapsed]: [unknown, number] = [undefined, 0];
  return {
    root,
    /** Bytes on the disk of these files. */
    disk: (...paths: string[]) => paths.reduce((sum, path) => sum + lstatSync(join(root, path)).blocks * 512, 0),
    async next(...containers: Container[]): Promise<Run> {
      const unixTime = () => firstAt + elapsed;
      const now = () => 1000 + elapsed;
      const run = await runCollector(containerLogs, host, {
        containers: directoryOf(...containers),
        previous,
        now,
        unixTime,
      });
      elapsed += 15;
      previous = run.state;
      return run;
    },
  };
}

test('the size, growth and limit of a log of Docker, until its container is gone', async (t) => {
  const { root, disk, next } = looks(t, { [WEB.log.path]: 'x'.repeat(9000), [`${WEB.log.path}.1`]: 'x'.repeat(5000) });
  const first = await next(WEB);
  const size = disk(WEB.log.path, `${WEB.log.path}.1`);
  assert.ok(size >= 14_000, `${size} bytes`);
  assert.deepEqual(first.values, {
    [`container_log_bytes${of('web')}`]: size,
    [`container_log_written_bytes_total${of('web')}`]: 0,
    [`container_log_limit_bytes${of('web')}`]: 100,
  });
  assert.deepEqual([first.faults, first.unmeasured], [[], ALL_READ]);

  appendFileSync(join(root, WEB.log.path), 'x'.repeat(321));
  assert.equal((await next(WEB)).values[`container_log_written_bytes_total${of('web')}`], 321);

  // Rotation: the new file has 7 bytes, the old one got another 50 before.
  appendFileSync(join(root, WEB.log.path), 'x'.repeat(50));
  rmSync(join(root, `${WEB.log.path}.1`));
  renameSync(join(root, WEB.log.path), join(root, `${WEB.log.path}.1`));
  writeFileSync(join(root, WEB.log.path), 'x'.repeat(7));
  assert.equal((await next(WEB)).values[`container_log_written_bytes_total${of('web')}`], 378);

  rmSync(join(root, dirname(WEB.log.path)), { recursive: true });
  assert.deepEqual((await next()).values, {});
});

test('of a container that came later all of the log counts, unless the log is older than the first look', async (t) => {
  for (const [firstAt, written] of [
    [LONG_AGO, 40],
    [IN_FUTURE, 0],
  ] as const) {
    const { root, next } = looks(t, {}, firstAt);
    await next();
    writeEntries(root, { [WEB.log.path]: 'x'.repeat(40) });
    assert.equal((await next(WEB)).values[`container_log_written_bytes_total${of('web')}`], written);
  }
});

test('a container that logs elsewhere has no series, one that wrote nothing has 0', async (t) => {
  const { log: _, ...elsewhere } = DB;
  const { values } = await looks(t, { [WEB.log.path]: '' }).next(WEB, elsewhere);
  assert.deepEqual(values, {
    [`container_log_bytes${of('web')}`]: 0,
    [`container_log_written_bytes_total${of('web')}`]: 0,
    [`container_log_limit_bytes${of('web')}`]: 100,
  });
});

test('logs of pods, of all instances of a container, under the limit of the kubelet', async (t) => {
  const files = [`${POD}/app/0.log.20261121-000608`, `${POD}/app/0.log`, `${POD}/app/1.log`];
  const { root, disk, next } = looks(t, {
    ...Object.fromEntries(files.map((file) => [file, 'x'.repeat(5000)])),
    ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
    '/k.yaml': 'containerLogMaxSize: 1Mi\ncontainerLogMaxFiles: 3\n',
  });
  assert.deepEqual((await next()).values, {
    [`container_log_bytes${of('app', 'web-0')}`]: disk(...files),
    [`container_log_written_bytes_total${of('app', 'web-0')}`]: 0,
    [`container_log_limit_bytes${of('app', 'web-0')}`]: 3 * MIB,
  });
  rmSync(join(root, POD), { recursive: true });
  assert.deepEqual((await next()).values, {});
});

test('a configuration of the kubelet that makes no sense is a fault at each run, and costs the limit alone', async (t) => {
  const { root, next } = looks(t, {
    [`${POD}/app/0.log`]: '',
    ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
    '/k.yaml': 'containerLogMaxSize: much\n',
  });
  for (let run = 0; run < 2; run += 1) {
    const { values, faults } = await next();
    assert.deepEqual(values, {
      [`container_log_bytes${of('app', 'web-0')}`]: 0,
      [`container_log_written_bytes_total${of('app', 'web-0')}`]: 0,
    });
    assert.match(faults.join('\n'), /^the kubelet's configuration: \/k\.yaml: [^\n]*$/);
  }
  writeEntries(root, { '/k.yaml': 'containerLogMaxSize: 1Mi\n' });
  const mended = await next();
  assert.deepEqual([mended.values[`container_log_limit_bytes${of('app', 'web-0')}`], mended.faults], [5 * MIB, []]);
});

test('below cri-dockerd the log of Docker counts, and not the links to it once more', async (t) => {
  const { next } = looks(t, {
    [WEB.log.path]: 'x'.repeat(5000),
    [`${POD}/app/0.log`]: { link: WEB.log.path },
  });
  const { values, unmeasured } = await next({ ...WEB, namespace: 'shop', pod: 'web-0', container: 'app' });
  assert.equal(Object.keys(values).length, 3);
  assert.equal(values[`container_log_limit_bytes${of('app', 'web-0')}`], 100);
  assert.deepEqual(unmeasured, ALL_READ);
});

test('a link to something else is not followed, and makes the log one that is read in part', async (t) => {
  const { next } = looks(t, {
    [`${POD}/app/0.log`]: { link: '/etc/passwd' },
    '/etc/passwd': 'x'.repeat(5000),
  });
  const { values, faults, unmeasured } = await next();
  assert.equal(values[`container_log_bytes${of('app', 'web-0')}`], 0);
  assert.deepEqual([faults, unmeasured], [[], { ...ALL_READ, log_partly_read: 1 }]);
});

test('a log that cannot be read has no size, what it had written stays, and it goes on from there', async (t) => {
  const { root, next } = looks(t, { [WEB.log.path]: 'x'.repeat(50), [`${POD}/app/0.log`]: '' });
  await next(WEB);
  appendFileSync(join(root, WEB.log.path), 'x'.repeat(20));
  await next(WEB);

  const directory = join(root, CONTAINERS);
  renameSync(directory, `${directory}.1`);
  symlinkSync('containers', directory);
  const broken = await next(WEB);
  assert.deepEqual(Object.fromEntries(Object.entries(broken.values).filter(([name]) => name.includes('"web"'))), {
    [`container_log_written_bytes_total${of('web')}`]: 20,
  });
  assert.equal(broken.values[`container_log_bytes${of('app', 'web-0')}`], 0);
  assert.match(broken.faults.join('\n'), new RegExp(`^${WEB.log.path}: ELOOP[^\\n]*$`));
  assert.deepEqual(broken.unmeasured, { ...ALL_READ, log_unreadable: 1 });

  rmSync(directory);
  renameSync(`${directory}.1`, directory);
  appendFileSync(join(root, WEB.log.path), 'x'.repeat(3));
  const mended = await next(WEB);
  assert.equal(mended.values[`container_log_written_bytes_total${of('web')}`], 23);
  assert.deepEqual([mended.faults, mended.unmeasured], [[], ALL_READ]);
});

test('logs of pods whose directory cannot be read are those of the last look, and go on from there', async (t) => {
  const { root, next } = looks(t, { [`${POD}/app/0.log`]: 'x'.repeat(50), [`${POD}/sidecar/0.log`]: '' });
  await next();
  appendFileSync(join(root, POD, 'app/0.log'), 'x'.repeat(20));
  await next();

  const written = (container: string) => `container_log_written_bytes_total${of(container, 'web-0')}`;
  const directory = dirname(join(root, POD));
  renameSync(directory, `${directory}.1`);
  symlinkSync('pods', directory);
  const broken = await next();
  assert.deepEqual(broken.values, { [written('app')]: 20, [written('sidecar')]: 0 });
  assert.match(broken.faults[0] ?? '', /^\/var\/log\/pods: ELOOP/);
  assert.deepEqual(broken.unmeasured, { ...ALL_READ, log_unreadable: 2 });

  rmSync(directory);
  renameSync(`${directory}.1`, directory);
  appendFileSync(join(root, POD, 'app/0.log'), 'x'.repeat(3));
  rmSync(join(root, POD, 'sidecar'), { recursive: true });
  const mended = await next();
  assert.deepEqual([mended.values[written('app')], mended.values[written('sidecar')]], [23, undefined]);
  assert.deepEqual([mended.faults, mended.unmeasured], [[], ALL_READ]);
});

test('instances of one name are one series: sizes are added, the larger limit counts', async (t) => {
  const replica = { ...DB, container: 'web', log: { ...DB.log, limit: 300 } };
  const { disk, next } = looks(t, { [WEB.log.path]: 'x'.repeat(5000), [DB.log.path]: 'x'.repeat(9000) });
  const { values } = await next(WEB, replica);
  assert.deepEqual(values, {
    [`container_log_bytes${of('web')}`]: disk(WEB.log.path, DB.log.path),
    [`container_log_written_bytes_total${of('web')}`]: 0,
    [`container_log_limit_bytes${of('web')}`]: 300,
  });
});

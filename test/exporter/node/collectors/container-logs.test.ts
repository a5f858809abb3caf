import assert from 'node:assert/strict';
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { processEntries } from '../host/process-entries.ts';
import { writeEntries } from '../host/temporary-host.ts';
import { ALL_READ, DB, IN_FUTURE, LONG_AGO, looks, MIB, ofOwner, POD, WEB } from './changing-logs.ts';

test('the size, growth and limit of a log of Docker, until its container is gone', async (t) => {
  const { root, disk, next } = looks(t, { [WEB.log.path]: 'x'.repeat(9000), [`${WEB.log.path}.1`]: 'x'.repeat(5000) });
  const first = await next(WEB);
  const size = disk(WEB.log.path, `${WEB.log.path}.1`);
  assert.ok(size >= 14_000, `${size} bytes`);
  assert.deepEqual(first.values, {
    [`container_log_bytes${ofOwner('web')}`]: size,
    [`container_log_written_bytes_total${ofOwner('web')}`]: 0,
    [`container_log_limit_bytes${ofOwner('web')}`]: 100,
  });
  assert.deepEqual([first.faults, first.unmeasured], [[], ALL_READ]);

  appendFileSync(join(root, WEB.log.path), 'x'.repeat(321));
  assert.equal((await next(WEB)).values[`container_log_written_bytes_total${ofOwner('web')}`], 321);

  // Rotation: the new file has 7 bytes, the old one got another 50 before.
  appendFileSync(join(root, WEB.log.path), 'x'.repeat(50));
  rmSync(join(root, `${WEB.log.path}.1`));
  renameSync(join(root, WEB.log.path), join(root, `${WEB.log.path}.1`));
  writeFileSync(join(root, WEB.log.path), 'x'.repeat(7));
  assert.equal((await next(WEB)).values[`container_log_written_bytes_total${ofOwner('web')}`], 378);

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
    assert.equal((await next(WEB)).values[`container_log_written_bytes_total${ofOwner('web')}`], written);
  }
});

test('a container that logs elsewhere has no series, one that wrote nothing has 0', async (t) => {
  const { log: _, ...elsewhere } = DB;
  const { values } = await looks(t, { [WEB.log.path]: '' }).next(WEB, elsewhere);
  assert.deepEqual(values, {
    [`container_log_bytes${ofOwner('web')}`]: 0,
    [`container_log_written_bytes_total${ofOwner('web')}`]: 0,
    [`container_log_limit_bytes${ofOwner('web')}`]: 100,
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
    [`container_log_bytes${ofOwner('app', 'web-0')}`]: disk(...files),
    [`container_log_written_bytes_total${ofOwner('app', 'web-0')}`]: 0,
    [`container_log_limit_bytes${ofOwner('app', 'web-0')}`]: 3 * MIB,
  });
  rmSync(join(root, POD), { recursive: true });
  assert.deepEqual((await next()).values, {});
});

test('below cri-dockerd the log of Docker counts, and not the links to it once more', async (t) => {
  const { next } = looks(t, {
    [WEB.log.path]: 'x'.repeat(5000),
    [`${POD}/app/0.log`]: { link: WEB.log.path },
  });
  const { values, unmeasured } = await next({ ...WEB, namespace: 'shop', pod: 'web-0', container: 'app' });
  assert.equal(Object.keys(values).length, 3);
  assert.equal(values[`container_log_limit_bytes${ofOwner('app', 'web-0')}`], 100);
  assert.deepEqual(unmeasured, ALL_READ);
});

test('instances of one name are one series: sizes are added, the larger limit counts', async (t) => {
  const replica = { ...DB, container: 'web', log: { ...DB.log, limit: 300 } };
  const { disk, next } = looks(t, { [WEB.log.path]: 'x'.repeat(5000), [DB.log.path]: 'x'.repeat(9000) });
  const { values } = await next(WEB, replica);
  assert.deepEqual(values, {
    [`container_log_bytes${ofOwner('web')}`]: disk(WEB.log.path, DB.log.path),
    [`container_log_written_bytes_total${ofOwner('web')}`]: 0,
    [`container_log_limit_bytes${ofOwner('web')}`]: 300,
  });
});

test('the copy that Docker keeps of a log that is sent away counts, and is no log where there is none', async (t) => {
  const path = `${dirname(WEB.log.path)}/container-cached.log`;
  const sent = { ...WEB, log: { path, limit: 100, isOptional: true as const } };
  const { disk, next, root } = looks(t, {
    [path]: 'x'.repeat(5000),
    [`${path}.1.gz`]: gzipSync('x'.repeat(9000)).toString('latin1'),
  });
  assert.deepEqual((await next(sent)).values, {
    [`container_log_bytes${ofOwner('web')}`]: disk(path, `${path}.1.gz`),
    [`container_log_written_bytes_total${ofOwner('web')}`]: 0,
    [`container_log_limit_bytes${ofOwner('web')}`]: 100,
  });
  rmSync(join(root, dirname(path)), { recursive: true });
  assert.deepEqual((await next(sent)).values, {});
});

test("the files of logging plugins count as their containers', those of containers that are gone as unknown", async (t) => {
  const plugin = `/var/lib/docker/plugins/${'f'.repeat(64)}/rootfs/var/log/docker`;
  const { log: _, ...web } = WEB;
  const files = [
    `${plugin}/${web.id}/json.log`,
    `${plugin}/${web.id}/json.log.1`,
    `${plugin}/${'9'.repeat(64)}/json.log`,
  ];
  const { disk, next, root } = looks(t, {
    ...Object.fromEntries(files.map((path) => [path, 'x'.repeat(5000)])),
    '/var/lib/docker/plugins/storage/x': '',
    [`${plugin}/short/json.log`]: 'x',
  });
  const { values, faults } = await next(web);
  assert.deepEqual(faults, []);
  assert.deepEqual(values, {
    [`container_log_bytes${ofOwner('web')}`]: disk(...files.slice(0, 2)),
    [`container_log_bytes${ofOwner('unknown')}`]: disk(...files.slice(2)),
    [`container_log_written_bytes_total${ofOwner('web')}`]: 0,
    [`container_log_written_bytes_total${ofOwner('unknown')}`]: 0,
  });
  appendFileSync(join(root, plugin, web.id, 'json.log'), 'x'.repeat(77));
  assert.equal((await next(web)).values[`container_log_written_bytes_total${ofOwner('web')}`], 77);
});

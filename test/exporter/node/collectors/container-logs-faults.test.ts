import assert from 'node:assert/strict';
import { appendFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { processEntries } from '../host/process-entries.ts';
import { writeEntries } from '../host/temporary-host.ts';
import { ALL_READ, CONTAINERS, looks, MIB, ofOwner, POD, WEB } from './changing-logs.ts';

test('a configuration of the kubelet that makes no sense is a fault at each run, and costs the limit alone', async (t) => {
  const { root, next } = looks(t, {
    [`${POD}/app/0.log`]: '',
    ...processEntries(42, 'kubelet', { args: ['--config=/k.yaml'] }),
    '/k.yaml': 'containerLogMaxSize: much\n',
  });
  for (let run = 0; run < 2; run += 1) {
    const { values, faults } = await next();
    assert.deepEqual(values, {
      [`container_log_bytes${ofOwner('app', 'web-0')}`]: 0,
      [`container_log_written_bytes_total${ofOwner('app', 'web-0')}`]: 0,
    });
    assert.match(faults.join('\n'), /^the kubelet's configuration: \/k\.yaml: [^\n]*$/);
  }
  writeEntries(root, { '/k.yaml': 'containerLogMaxSize: 1Mi\n' });
  const mended = await next();
  assert.deepEqual(
    [mended.values[`container_log_limit_bytes${ofOwner('app', 'web-0')}`], mended.faults],
    [5 * MIB, []],
  );
});

test('a link to something else is not followed, and makes the log one that is read in part', async (t) => {
  const { next } = looks(t, {
    [`${POD}/app/0.log`]: { link: '/etc/passwd' },
    '/etc/passwd': 'x'.repeat(5000),
  });
  const { values, faults, unmeasured } = await next();
  assert.equal(values[`container_log_bytes${ofOwner('app', 'web-0')}`], 0);
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
    [`container_log_written_bytes_total${ofOwner('web')}`]: 20,
  });
  assert.equal(broken.values[`container_log_bytes${ofOwner('app', 'web-0')}`], 0);
  assert.match(broken.faults.join('\n'), new RegExp(`^${WEB.log.path}: ELOOP[^\\n]*$`));
  assert.deepEqual(broken.unmeasured, { ...ALL_READ, log_unreadable: 1 });

  rmSync(directory);
  renameSync(`${directory}.1`, directory);
  appendFileSync(join(root, WEB.log.path), 'x'.repeat(3));
  const mended = await next(WEB);
  assert.equal(mended.values[`container_log_written_bytes_total${ofOwner('web')}`], 23);
  assert.deepEqual([mended.faults, mended.unmeasured], [[], ALL_READ]);
});

test('logs of pods whose directory cannot be read are those of the last look, and go on from there', async (t) => {
  const { root, next } = looks(t, { [`${POD}/app/0.log`]: 'x'.repeat(50), [`${POD}/sidecar/0.log`]: '' });
  await next();
  appendFileSync(join(root, POD, 'app/0.log'), 'x'.repeat(20));
  await next();

  const written = (container: string) => `container_log_written_bytes_total${ofOwner(container, 'web-0')}`;
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

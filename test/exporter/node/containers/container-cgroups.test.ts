import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerCgroups } from '../../../../exporter/node/containers/container-cgroups.ts';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import { temporaryHost } from '../host/temporary-host.ts';

test("what containers make below their own cgroup is not looked at, a stranger's cgroup is", (t) => {
  const [outer, inner, strange] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
  const containers = [outer, inner].map(
    (id) => ({ id, runtime: 'docker', namespace: '', pod: '', container: id.slice(0, 1) }) as const,
  );
  const { host } = temporaryHost(t, {
    [`/sys/system.slice/docker-${outer}.scope/docker/${inner}/pids.current`]: '1\n',
    [`/sys/docker/${strange}/docker/${inner}/pids.current`]: '1\n',
  });
  const found = [...containerCgroups(host.sysfs, new ContainerDirectory({ containers, pods: [] }))];
  assert.deepEqual(found.map(({ path, container }) => [path, container.container]).sort(), [
    [`/docker/${strange}/docker/${inner}`, 'b'],
    [`/system.slice/docker-${outer}.scope`, 'a'],
  ]);
});

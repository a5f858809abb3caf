import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A host tree made of files: Docker containers on cgroup v1, each with a log, a layer and processes. */
export interface SyntheticHost {
  readonly root: string;
  /** They make an exporter read this host. */
  readonly flags: readonly string[];
  /** The folders of the containers' layers. */
  readonly layers: readonly string[];
  /** Adds containers without processes, with one file in each layer. */
  add(ids: readonly string[]): void;
  /** Removes containers that were added. */
  take(ids: readonly string[]): void;
  remove(): void;
}

/** Makes a host of so many containers and processes; the processes are spread over the containers. */
export function makeHost(containers: number, processes: number): SyntheticHost {
  const root = mkdtempSync(join(tmpdir(), 'foreshock-bench-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const ids = Array.from({ length: containers }, (_, index) => idOf(index + 1));
  writeKernelFiles(write);
  const members = new Map(ids.map((id) => [id, [] as number[]]));
  for (let pid = 1000; pid < 1000 + processes; pid += 1) {
    const id = ids[pid % containers] ?? '';
    members.get(id)?.push(pid);
    write(`proc/${pid}/stat`, `${pid} (worker) S 1 ${pid} ${pid} 0 -1 4194560 ${'0 '.repeat(43)}0\n`);
    write(`proc/${pid}/comm`, 'worker\n');
    write(`proc/${pid}/cgroup`, `8:pids:/docker/${id}\n4:memory:/docker/${id}\n`);
    write(`proc/${pid}/io`, 'rchar: 1\nwchar: 1\nwrite_bytes: 0\ncancelled_write_bytes: 0\n');
  }
  for (const [index, id] of ids.entries()) writeContainer(write, id, index, members.get(id) ?? [], 300);
  return {
    root,
    flags: [`--path.rootfs=${root}`, `--path.procfs=${root}/proc`, `--path.sysfs=${root}/sys`],
    layers: ids.map((id) => join(root, layerOf(id))),
    add: (added) => {
      for (const [index, id] of added.entries()) writeContainer(write, id, index, [], 1);
    },
    take: (taken) => {
      for (const place of taken.flatMap(placesOf)) rmSync(join(root, place), { recursive: true });
    },
    remove: () => rmSync(root, { recursive: true }),
  };
}

/** The ID of the container of that number. */
export function idOf(number: number): string {
  return number.toString(16).padStart(64, '0');
}

const DOCKER_ROOT = 'var/lib/docker';

function layerOf(id: string): string {
  return `${DOCKER_ROOT}/overlay2/${id}/diff`;
}

/** The folders that a container consists of. */
function placesOf(id: string): string[] {
  return [
    `${DOCKER_ROOT}/containers/${id}`,
    `${DOCKER_ROOT}/overlay2/${id}`,
    `${DOCKER_ROOT}/image/overlay2/layerdb/mounts/${id}`,
    ...['pids', 'memory', 'cpuacct'].map((controller) => `sys/fs/cgroup/${controller}/docker/${id}`),
  ];
}

function writeKernelFiles(write: (path: string, text: string) => void): void {
  const mount = (controller: string) =>
    `35 31 0:32 / /sys/fs/cgroup/${controller} rw,relatime - cgroup cgroup rw,${controller}\n`;
  write('proc/1/mountinfo', ['memory', 'pids', 'cpuacct'].map(mount).join(''));
  write('proc/loadavg', '0.10 0.10 0.10 1/6000 9999\n');
  write('proc/cgroups', '#subsys_name\thierarchy\tnum_cgroups\tenabled\nmemory\t4\t300\t1\n');
  write('proc/sys/kernel/pid_max', '4194304\n');
  write('proc/sys/kernel/threads-max', '192731\n');
  write('sys/fs/cgroup/memory/memory.stat', 'cache 0\n');
}

function writeContainer(
  write: (path: string, text: string) => void,
  id: string,
  index: number,
  pids: readonly number[],
  layerFiles: number,
): void {
  const labels = {
    'io.kubernetes.pod.namespace': `team-${index % 10}`,
    'io.kubernetes.pod.name': `service-${index}-7d4b9c6f5d-x2x${index}`,
    'io.kubernetes.container.name': 'app',
  };
  write(
    `${DOCKER_ROOT}/containers/${id}/config.v2.json`,
    JSON.stringify({ Name: `/c${index}`, Config: { Labels: labels } }),
  );
  const logConfig = { Type: 'json-file', Config: { 'max-size': '100m', 'max-file': '10' } };
  write(`${DOCKER_ROOT}/containers/${id}/hostconfig.json`, JSON.stringify({ LogConfig: logConfig }));
  for (const suffix of ['', '.1', '.2', '.3'])
    write(`${DOCKER_ROOT}/containers/${id}/${id}-json.log${suffix}`, 'x'.repeat(4096));
  write(`${DOCKER_ROOT}/image/overlay2/layerdb/mounts/${id}/mount-id`, id);
  for (let file = 0; file < layerFiles; file += 1) write(`${layerOf(id)}/d${file % 20}/f${file}`, 'x');
  const tasks = `${pids.join('\n')}\n`;
  write(`sys/fs/cgroup/pids/docker/${id}/pids.events`, 'max 0\n');
  write(`sys/fs/cgroup/pids/docker/${id}/pids.current`, `${pids.length}\n`);
  write(`sys/fs/cgroup/pids/docker/${id}/tasks`, tasks);
  write(`sys/fs/cgroup/memory/docker/${id}/memory.stat`, 'cache 0\n');
  write(`sys/fs/cgroup/cpuacct/docker/${id}/cpuacct.usage`, '123456\n');
  write(`sys/fs/cgroup/cpuacct/docker/${id}/cgroup.procs`, tasks);
}

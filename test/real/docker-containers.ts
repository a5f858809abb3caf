import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../exporter-process.ts';
import type { DockerDaemon } from './docker-daemon.ts';

/** How the container `careless` treats its children. */
export const ZOMBIES = 150;

/** Bytes of the file that the container `filler` writes. */
export const FILLED = 50_000_000;

const LOG_45_KB = 'i=0; while [ $i -lt 400 ]; do echo "line $i of a log that is long enough"; i=$((i+1)); done';
const STAY = 'echo > /ready; exec sleep 100000';
const ROTATED = ['--log-opt=max-size=10k', '--log-opt=max-file=3'];
const POD_LABELS = ['pod.name=cart-0', 'pod.namespace=shop', 'container.name=app'];

/** What a container runs, and the flags of `docker run` it is started with. */
const CONTAINERS: Record<string, { script: string; flags?: readonly string[] }> = {
  endless: { script: 'echo > /ready; while :; do echo "and so on"; sleep 0.05; done' },
  unbounded: { script: `${LOG_45_KB}; ${STAY}` },
  rotated: { script: `${LOG_45_KB}; ${STAY}`, flags: ROTATED },
  compressed: { script: `${LOG_45_KB}; ${STAY}`, flags: [...ROTATED, '--log-opt=compress=true'] },
  local: { script: `${LOG_45_KB}; ${STAY}`, flags: ['--log-driver=local'] },
  unlogged: { script: `${LOG_45_KB}; ${STAY}`, flags: ['--log-driver=none'] },
  filler: {
    script:
      `mkdir -p /log/app /tmp/small; dd if=/dev/zero of=/log/app/full bs=1000000 count=${FILLED / 1e6};` +
      'echo small > /tmp/small/file; ln /tmp/small/file /tmp/small/link; ln -s /log /tmp/small/symbolic; echo > /ready;' +
      'until [ -e /more ]; do sleep 0.1; done; dd if=/dev/zero of=/log/more bs=1000000 count=10; exec sleep 100000',
  },
  careless: { script: `i=0; while [ $i -lt ${ZOMBIES} ]; do sleep 1 & i=$((i+1)); done; ${STAY}` },
  limited: { script: STAY, flags: ['--pids-limit=20'] },
  cri: { script: `echo hello; ${STAY}`, flags: POD_LABELS.map((label) => `--label=io.kubernetes.${label}`) },
  exited: { script: `${LOG_45_KB}; dd if=/dev/zero of=/left bs=1000 count=300; echo > /ready` },
};

/** Starts one container of each kind, by the names of `CONTAINERS`, and waits until all have done their work. */
export async function startContainers(daemon: DockerDaemon): Promise<void> {
  await Promise.all(
    Object.entries(CONTAINERS).map(async ([name, { script, flags }]) => {
      await daemon.run(name, script, ...(flags ?? []));
      const ready = join(await upperDirectory(daemon, name), 'ready');
      await until(async () => existsSync(ready), Boolean, 30);
    }),
  );
  await until(
    () => daemon.inspect('exited', '.State.Running'),
    (running) => running === 'false',
    30,
  );
  // Blocks that are still to be allocated may need more of them for their map.
  execFileSync('sync', ['--file-system', daemon.dataRoot]);
}

/** The directory of the host that holds what a container writes. */
export function upperDirectory(daemon: DockerDaemon, container: string): Promise<string> {
  return daemon.inspect(container, '.GraphDriver.Data.UpperDir');
}

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

const POD_UID = '5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a';
const POD_LABELS = { 'pod.name': 'cart-0', 'pod.namespace': 'shop', 'pod.uid': POD_UID, 'container.name': 'app' };

/** The container of a pod, named, labelled and placed as cri-dockerd does it. */
export const CRI = `k8s_app_cart-0_shop_${POD_UID}_0`;

/** A container whose image says that it is one of a pod, and whose process is called kubelet. */
export const IMPOSTOR = 'impostor';

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
  exited: { script: `${LOG_45_KB}; dd if=/dev/zero of=/left bs=1000 count=300; echo > /ready` },
};

/** Starts one container of each kind, by the names of `CONTAINERS`, and waits until all have done their work. */
export async function startContainers(daemon: DockerDaemon): Promise<void> {
  const flagsOfPod = [...Object.entries(POD_LABELS).map(labelFlag), `--cgroup-parent=${await podCgroup(daemon)}`];
  const containers = { ...CONTAINERS, [CRI]: { script: `echo hello; ${STAY}`, flags: flagsOfPod } };
  await Promise.all(
    Object.entries(containers).map(async ([name, { script, flags }]) => {
      await daemon.run(name, script, ...(flags ?? []));
      await untilReady(daemon, name);
    }),
  );
  await startImpostor(daemon);
  await until(
    () => daemon.inspect('exited', '.State.Running'),
    (running) => running === 'false',
    30,
  );
  // Blocks that are still to be allocated may need more of them for their map.
  execFileSync('sync', ['--file-system', daemon.dataRoot]);
}

const labelFlag = ([label, value]: readonly [string, string]) => `--label=io.kubernetes.${label}=${value}`;

/** As the kubelet names it for each cgroup driver. */
async function podCgroup(daemon: DockerDaemon): Promise<string> {
  const driver = (await daemon.docker('info', '--format={{.CgroupDriver}}')).trim();
  return driver === 'systemd'
    ? `kubepods-besteffort-pod${POD_UID.replaceAll('-', '_')}.slice`
    : `/kubepods/besteffort/pod${POD_UID}`;
}

async function startImpostor(daemon: DockerDaemon): Promise<void> {
  const labels = Object.entries(POD_LABELS).map(([label, value]) => `io.kubernetes.${label}=${value}`);
  const image = (await daemon.docker('commit', `--change=LABEL ${labels.join(' ')}`, 'limited')).trim();
  const script = `printf '#!/bin/sh\\nsleep 100000\\n' > /kubelet; chmod +x /kubelet; rm /ready; echo > /ready;`;
  const command = ['sh', '-c', `${script} exec /kubelet --config=/dev/zero`];
  await daemon.docker('run', '-d', '--network=none', `--name=${IMPOSTOR}`, image, ...command);
  await untilReady(daemon, IMPOSTOR);
}

async function untilReady(daemon: DockerDaemon, container: string): Promise<void> {
  const ready = join(await upperDirectory(daemon, container), 'ready');
  await until(async () => existsSync(ready), Boolean, 30);
}

/** The directory of the host that holds what a container writes. */
export function upperDirectory(daemon: DockerDaemon, container: string): Promise<string> {
  return daemon.inspect(container, '.GraphDriver.Data.UpperDir');
}

import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CRONER, CRONER_LOGS } from './host-breakage.ts';
import type { Place } from './host-on-disk.ts';

/** Bytes of one write. */
const LOG_WRITE = 100_000;
const LAYER_WRITE = 3 * 1024 ** 2;

/** The log directory of a pod's container, as the kubelet and a CRI runtime fill it. */
export const LOGS: Place = {
  directory: CRONER_LOGS,
  collector: 'container_logs',
  prepare(tree, disk) {
    rmSync(tree.local(CRONER_LOGS), { recursive: true });
    writeFileSync(join(disk, '0.log'), 'x'.repeat(10_000));
  },
  write(_, disk) {
    appendFileSync(join(disk, '0.log'), 'x'.repeat(LOG_WRITE));
  },
  values(disk, writes) {
    return [
      ['foreshock_container_log_bytes', CRONER, statSync(join(disk, '0.log')).blocks * 512],
      ['foreshock_container_log_written_bytes_total', CRONER, writes * LOG_WRITE],
    ];
  },
};

const FILLER = { namespace: '', pod: '', container: 'filler' };
const FILLER_ID = 'f1'.repeat(32);
const FILLER_CGROUP = `/sys/fs/cgroup/cpuacct/docker/${FILLER_ID}`;
const FILLER_PID = 4242;
const DATA_ROOT = '/var/lib/docker';

/** The writable layer of a Docker container that runs and writes. */
export const LAYER: Place = {
  directory: `${DATA_ROOT}/overlay2/filler-layer/diff`,
  collector: 'writable_layers',
  prepare(tree, disk) {
    const logConfig = { Type: 'json-file', Config: {} };
    tree.write(`${DATA_ROOT}/containers/${FILLER_ID}/config.v2.json`, JSON.stringify({ Name: '/filler', Config: {} }));
    tree.write(`${DATA_ROOT}/containers/${FILLER_ID}/hostconfig.json`, JSON.stringify({ LogConfig: logConfig }));
    tree.write(`${DATA_ROOT}/image/overlay2/layerdb/mounts/${FILLER_ID}/mount-id`, 'filler-layer');
    tree.write(`${FILLER_CGROUP}/cgroup.procs`, `${FILLER_PID}\n`);
    tree.write(`${FILLER_CGROUP}/cpuacct.usage`, '1000\n');
    tree.write(`/proc/${FILLER_PID}/io`, 'write_bytes: 0\n');
    mkdirSync(join(disk, 'var/data'), { recursive: true });
    writeFileSync(join(disk, 'var/data/first'), 'x'.repeat(50_000));
  },
  write(tree, disk) {
    const files = readdirSync(join(disk, 'var/data')).length;
    writeFileSync(join(disk, `var/data/more-${files}`), Buffer.alloc(LAYER_WRITE, 'x'));
    tree.write(`${FILLER_CGROUP}/cpuacct.usage`, `${1000 * (files + 1)}\n`);
    tree.write(`/proc/${FILLER_PID}/io`, `write_bytes: ${LAYER_WRITE * files}\n`);
  },
  values(disk) {
    return [
      ['foreshock_container_writable_layer_bytes', FILLER, diskUsage('--block-size=1', disk)],
      ['foreshock_container_writable_layer_inodes', FILLER, diskUsage('--inodes', disk)],
    ];
  },
};

/** The images of CRI-O, whose disk has the size of the one below it. */
export const IMAGES: Place = {
  directory: '/var/lib/containers/storage/overlay-images',
  collector: 'image_filesystem',
  prepare(tree) {
    tree.write('/proc/2788/cmdline', 'kubelet\0--container-runtime-endpoint=unix:///run/crio/crio.sock\0');
  },
  write(_, disk) {
    appendFileSync(join(disk, 'images.json'), 'x'.repeat(LOG_WRITE));
  },
  values(disk) {
    const { blocks, bsize } = statfsSync(disk);
    return [['foreshock_image_filesystem_size_bytes', {}, blocks * bsize]];
  },
};

function diskUsage(unit: string, directory: string): number {
  return Number.parseInt(spawnSync('du', ['-s', unit, directory], { encoding: 'utf8' }).stdout, 10);
}

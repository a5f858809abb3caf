import type { Collector } from '../collector.ts';
import { containerLogs } from './container-logs.ts';
import { containers } from './containers.ts';
import { daemons } from './daemons.ts';
import { imageFilesystem } from './image-filesystem.ts';
import { kubeletConfig } from './kubelet-config.ts';
import { kubeletEndpoints } from './kubelet-endpoints.ts';
import { memoryCgroups } from './memory-cgroups.ts';
import { pids } from './pids.ts';
import { reclaim } from './reclaim.ts';
import { runtime } from './runtime.ts';
import { systemdMounts } from './systemd-mounts.ts';
import { writableLayers } from './writable-layers.ts';
import { zombies } from './zombies.ts';

/** Every collector, in the order of the exposition. The first one names the containers for all others. */
export const collectors: readonly Collector[] = [
  containers,
  containerLogs,
  writableLayers,
  zombies,
  pids,
  memoryCgroups,
  systemdMounts,
  daemons,
  reclaim,
  kubeletConfig,
  imageFilesystem,
  runtime,
  kubeletEndpoints,
];

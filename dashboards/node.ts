import type { DashboardContext } from './context.ts';
import type { DashboardSource } from './dashboard.ts';
import { diskPressureLoop } from './node/disk-pressure-loop.ts';
import { dyingMemcg } from './node/dying-memcg.ts';
import { heartbeat } from './node/heartbeat.ts';
import { imageGcStall } from './node/image-gc-stall.ts';
import { logStorm } from './node/log-storm.ts';
import { mountUnitLeak } from './node/mount-unit-leak.ts';
import { overview } from './node/overview.ts';
import { pullQueue } from './node/pull-queue.ts';
import { reclaimThrash } from './node/reclaim-thrash.ts';
import { statusThrottle } from './node/status-throttle.ts';
import { vanishingImages } from './node/vanishing-images.ts';
import { zombiePileup } from './node/zombie-pileup.ts';
import { oneNode } from './scope.ts';

/** From top to bottom: an overview, causes, and the heartbeats that they affect. */
const ROWS = [
  overview,
  logStorm,
  diskPressureLoop,
  imageGcStall,
  vanishingImages,
  zombiePileup,
  dyingMemcg,
  mountUnitLeak,
  reclaimThrash,
  pullQueue,
  statusThrottle,
  heartbeat,
];

export function node(context: DashboardContext): DashboardSource {
  return {
    uid: 'foreshock-node',
    title: 'Node',
    description: 'What is wrong with a node: a row for each known way to fail, then what they lead to.',
    scope: oneNode(context),
    from: 'now-6h',
    rows: ROWS.map((row) => row(context)),
  };
}

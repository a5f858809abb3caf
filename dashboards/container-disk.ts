import { containers } from './container-disk/containers.ts';
import { summary } from './container-disk/summary.ts';
import { writableLayers } from './container-disk/writable-layers.ts';
import type { DashboardContext } from './context.ts';
import type { DashboardSource } from './dashboard.ts';
import { logGrowth, logSize } from './panels/disk.ts';
import { oneNode } from './scope.ts';

export function containerDisk(context: DashboardContext): DashboardSource {
  return {
    uid: 'foreshock-container-disk',
    title: 'Container disk',
    description:
      'Which container fills the disk of a node, by its log or its writable layer, how fast, and how long the disk lasts.',
    scope: oneNode(context),
    from: 'now-6h',
    rows: [
      summary(context),
      containers(context),
      { title: 'Logs', panels: [logGrowth(context), logSize(context)] },
      writableLayers(context),
    ],
  };
}

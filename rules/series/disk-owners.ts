import * as logs from '../../exporter/node/collectors/container-logs.ts';
import * as layers from '../../exporter/node/collectors/writable-layers.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import type { Expressions } from '../expressions.ts';
import { ofSeries, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import type { RecordingRule } from '../signature.ts';
import type { Texts } from '../texts.ts';

/** Bytes of each container's writable layer. */
export const LAYER_BYTES = `node_namespace_pod_container:${layers.bytes.name}:max`;

/** Bytes of each container's logs. */
export const LOG_BYTES = `node_namespace_pod_container:${logs.bytes.name}:max`;

/** Bytes of the largest directories of large writable layers. */
export const DIRECTORY_BYTES = `node_namespace_pod_container_directory:${layers.directoryBytes.name}:max`;

/** Disk space of each container that image garbage collection cannot free: writable layer and logs. */
export const CONTAINER_DISK = 'node_namespace_pod_container:foreshock_container_disk_bytes:sum';

/** Disk space by container; one that has only a layer, or only logs, counts with that. */
export function diskOwners({ cluster, perNode }: Expressions): RecordingRule[] {
  return [
    { record: LAYER_BYTES, expr: perNode(promql`${layers.bytes}`, ...OWNER_LABELS) },
    { record: DIRECTORY_BYTES, expr: perNode(promql`${layers.directoryBytes}`, ...OWNER_LABELS, 'directory') },
    {
      record: CONTAINER_DISK,
      // The sum of the two, where they exist: a join would cost more than all other rules.
      expr: promql`sum by (${[cluster, 'node', ...OWNER_LABELS].join(', ')}) ({__name__=~"${LAYER_BYTES}|${LOG_BYTES}"})`,
    },
  ];
}

/**
 * Names the container with the most disk space on the alert's node, and the directory that holds most of the largest layer;
 * ends with the next command. Of nested directories that hold more than half, the smallest is the most precise.
 */
export function largestDiskOwner({ owner, directoryUsageCommand, lookup }: Texts): string {
  return (
    lookup(
      (node) => `topk(1, ${CONTAINER_DISK}{${node}})`,
      `Container ${owner(ofSeries)} takes the most disk space, {{ .Value | humanize1024 }}B of writable layer and logs. `,
    ) +
    lookup(
      (node) =>
        `bottomk(1, ${DIRECTORY_BYTES}{${node}} > on (${OWNER_LABELS.join(', ')}) group_left () topk(1, ${LAYER_BYTES}{${node}}) / 2)`,
      `In the largest writable layer, {{ .Value | humanize1024 }}B is in ${shown(ofSeries('directory'))} of ${owner(ofSeries)}. ` +
        `Next: ${directoryUsageCommand(ofSeries)} shows the files.`,
      'Next: `du -xhd1 /var/lib/containerd /var/lib/docker /var/log` on the node shows the largest directories.',
    )
  );
}

import * as layers from '../../exporter/node/collectors/writable-layers.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { amount } from '../../rules/amount.ts';
import { duration } from '../../rules/format.ts';
import { promql } from '../../rules/promql.ts';
import { CONTAINER_DISK, LAYER_BYTES, LOG_BYTES } from '../../rules/series/disk-owners.ts';
import { LOG_RATE } from '../../rules/signatures/log-storm.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CONTAINERS } from '../no-data.ts';
import type { Row, Table } from '../panel.ts';
import { bytesToImageGc, LAYER_RANGE, layerGrowth, logLimit } from './expressions.ts';

export function containers(context: DashboardContext): Row {
  return { title: 'Which container fills it?', panels: [bySpace(context)] };
}

/** Bytes per second; slower logs have no time to image garbage collection. */
const MIN_LOG_RATE = 1000;

function bySpace(context: DashboardContext): Table {
  const { chosenNode, chosenTarget, nodeLabels, perNode, threshold } = context;
  return {
    kind: 'table',
    title: 'Containers by disk space',
    description:
      `Logs and writable layers, largest first. Layer growth is an average over ${duration(LAYER_RANGE)}. The last column ` +
      'is the time until the kubelet deletes images if only this log keeps growing ' +
      `(logs of more than ${amount(MIN_LOG_RATE, 'bytes/second')}).`,
    healthy: 'some 100 MB, and a limit for each log',
    story: 'Story 001: nine containers had 6 to 12 GB.',
    signature: 'log-storm',
    unit: 'bytes',
    noData: NO_CONTAINERS,
    width: 24,
    height: 10,
    labels: { namespace: 'Namespace', pod: 'Pod', container: 'Container' },
    columns: [
      { title: 'Disk', expr: promql`${CONTAINER_DISK}{${chosenNode}}` },
      { title: 'Log', expr: promql`${LOG_BYTES}{${chosenNode}}` },
      {
        title: 'Log rate',
        expr: promql`${LOG_RATE}{${chosenNode}}`,
        unit: 'bytes/second',
        thresholds: { critical: threshold('log-storm.log_bytes_per_second') },
      },
      { title: 'Log limit', expr: logLimit(context), infinity: 'none' },
      {
        title: 'Writable layer',
        expr: promql`${LAYER_BYTES}{${chosenNode}}`,
        thresholds: { warning: threshold('disk-pressure-loop.writable_layer_bytes') },
      },
      { title: 'Layer growth', expr: layerGrowth(context), unit: 'bytes/second' },
      {
        title: 'Layer measured ago',
        expr: promql`time() - ${perNode(promql`${layers.scanTimestamp}{${chosenTarget}}`, ...OWNER_LABELS)}`,
        unit: 'seconds',
      },
      {
        title: 'Time to image GC',
        expr: promql`
          ${bytesToImageGc(context)}
          / on (${nodeLabels}) group_right ()
          (${LOG_RATE}{${chosenNode}} > ${MIN_LOG_RATE})`,
        unit: 'seconds',
      },
    ],
    sortBy: 'Disk',
  };
}

import { duration } from '../../rules/format.ts';
import { promql } from '../../rules/promql.ts';
import { LAYER_BYTES, LOG_BYTES } from '../../rules/series/disk-owners.ts';
import { IMAGE_FILESYSTEM_EVICTION } from '../../rules/series/kubelet-thresholds.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CONTAINER_LOGS, NO_CONTAINERS, NO_WRITABLE_LAYERS } from '../no-data.ts';
import type { Row, Stat } from '../panel.ts';
import { imageFilesystem, imageFilesystemAvailable, imageFilesystemUsed, imageGarbage } from '../panels/disk.ts';
import { bytesToImageGc, FILL_RANGE, fillRate, logLimit } from './expressions.ts';

export function summary(context: DashboardContext): Row {
  return {
    title: 'How full is the disk?',
    panels: [
      { ...imageFilesystemUsed(context), width: 4 },
      timeToImageGc(context),
      timeToEviction(context),
      allLogs(context),
      allLayers(context),
      unboundedLogs(context),
      imageFilesystem(context),
      imageGarbage(context),
    ],
  };
}

const NOT_FILLING = 'The disk does not fill';
const FILLING = `as fast as in the last ${duration(FILL_RANGE)}`;

function timeToImageGc(context: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: 'Time to image garbage collection',
    description: `Time until the kubelet deletes images if the image filesystem keeps filling ${FILLING}.`,
    healthy: 'weeks, or no value',
    story: 'Story 001: 0, and no unused images.',
    signature: 'disk-pressure-loop',
    unit: 'seconds',
    noData: NOT_FILLING,
    width: 5,
    query: { expr: promql`${bytesToImageGc(context)} / ${fillRate(context)}`, legend: 'left' },
    thresholds: { warning: context.threshold('image-gc-stall.seconds_to_gc'), below: true },
    alerts: ['ForeshockImageGCImminent'],
  };
}

function timeToEviction(context: DashboardContext): Stat {
  const { chosenNode, threshold } = context;
  return {
    kind: 'stat',
    title: 'Time to evictions',
    description:
      'Time until the kubelet evicts pods (hard eviction threshold `imagefs.available`) if the image filesystem ' +
      `keeps filling ${FILLING}.`,
    healthy: 'weeks, or no value',
    signature: 'disk-pressure-loop',
    unit: 'seconds',
    noData: NOT_FILLING,
    width: 5,
    query: {
      expr: promql`clamp_min(${imageFilesystemAvailable(context)} - ${IMAGE_FILESYSTEM_EVICTION}{${chosenNode}}, 0) / ${fillRate(context)}`,
      legend: 'left',
    },
    thresholds: { warning: threshold('disk-pressure-loop.seconds_to_eviction'), below: true },
    alerts: ['ForeshockDiskPressureImminent'],
  };
}

function allLogs({ chosenNode }: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: 'All container logs',
    description: 'Disk space of all container logs, including rotated files.',
    story: 'Story 004: 12 GB for a single one.',
    signature: 'log-storm',
    unit: 'bytes',
    noData: NO_CONTAINER_LOGS,
    width: 3,
    query: { expr: promql`sum(${LOG_BYTES}{${chosenNode}})`, legend: 'logs' },
  };
}

function allLayers({ chosenNode }: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: 'All writable layers',
    description: 'Bytes that all containers wrote outside of volumes.',
    story: 'Story 001: 5.0 GB for a single one.',
    signature: 'disk-pressure-loop',
    unit: 'bytes',
    noData: NO_WRITABLE_LAYERS,
    width: 3,
    query: { expr: promql`sum(${LAYER_BYTES}{${chosenNode}})`, legend: 'layers' },
  };
}

function unboundedLogs(context: DashboardContext): Stat {
  return {
    kind: 'stat',
    title: 'Logs without a limit',
    description: 'Containers without a limit for the size of their log. The table below names them.',
    healthy: '0',
    signature: 'log-storm',
    unit: 'count',
    noData: NO_CONTAINERS,
    width: 4,
    query: { expr: promql`sum(${logLimit(context)} == bool Inf)`, legend: 'unlimited' },
    thresholds: { warning: { value: 1 } },
    alerts: ['ForeshockContainerLogUnbounded'],
  };
}

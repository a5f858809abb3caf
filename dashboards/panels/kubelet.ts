import * as heartbeats from '../../exporter/cluster/watchers/heartbeats.ts';
import { lag } from '../../exporter/cluster/watchers/pods.ts';
import * as pulls from '../../exporter/cluster/watchers/pulls.ts';
import { LEASE_DURATION } from '../../rules/kubelet-thresholds.ts';
import { promql } from '../../rules/promql.ts';
import { DAEMON_BLOCKED, DAEMON_LONGEST_BLOCK, HEARTBEAT_AGE } from '../../rules/signatures/heartbeat.ts';
import { CLUSTER, NODE, ofTarget, perNode, quantile, selectors } from '../expressions.ts';
import type { Graph } from '../panel.ts';
import { threshold } from '../thresholds.ts';

const NO_CLUSTER_ROLE = 'The cluster role says nothing of this node';

export const heartbeatAge: Graph = {
  kind: 'graph',
  title: 'Since the last heartbeat',
  description:
    'Seconds since the API server last heard of the kubelet, the longest of each step; the alert warns at the lower line, the node is given up ' +
    'at the upper one. Healthy is up to 10 s; in story 004 gaps lasted 63 to 125 s.',
  story: 'log-storm',
  unit: 'seconds',
  noData: NO_CLUSTER_ROLE,
  width: 12,
  queries: [
    { expr: promql`max_over_time(${HEARTBEAT_AGE}{${NODE}}[$__rate_interval])`, legend: 'heartbeat' },
    {
      expr: promql`${threshold('heartbeat.heartbeat_age_per_lease_duration').default} * ${LEASE_DURATION.record}{${NODE}}`,
      legend: 'warned about from here',
      limit: true,
    },
    { expr: promql`${LEASE_DURATION.record}{${NODE}}`, legend: 'given up from here', limit: true },
  ],
  alerts: ['ForeshockKubeletHeartbeatLate', 'ForeshockNodeReadinessFlapping'],
};

export const patchLag: Graph = {
  kind: 'graph',
  title: 'Lag of the node status',
  description: 'From computing the status of the node to its arrival at the API server, the longest of each step.',
  story: 'log-storm',
  unit: 'seconds',
  noData: NO_CLUSTER_ROLE,
  width: 12,
  queries: [
    {
      expr: perNode(promql`max_over_time(${heartbeats.patchLag}{${NODE}}[$__rate_interval])`),
      legend: 'lag',
    },
  ],
  lines: { warning: 'heartbeat.status_patch_lag_seconds' },
  alerts: ['ForeshockStatusPatchLate'],
};

export const hangingThreads: Graph = {
  kind: 'graph',
  title: 'Threads that hang in the kernel',
  description:
    'Threads of the kubelet and the runtimes in uninterruptible sleep (D) at any time, on average: they wait for a disk.',
  story: 'log-storm',
  unit: 'count',
  noData: 'No kubelet or runtime seen',
  width: 12,
  queries: [{ expr: promql`${DAEMON_BLOCKED}{${NODE}}`, legend: '{{daemon}}' }],
  lines: { critical: 'log-storm.daemon_blocked_ratio' },
  alerts: ['ForeshockContainerLogStorm'],
};

export const longestBlock: Graph = {
  kind: 'graph',
  title: 'Longest hang of one thread',
  description: 'In uninterruptible sleep (D) without a break, of the last five minutes.',
  story: 'log-storm',
  unit: 'seconds',
  noData: 'No kubelet or runtime seen',
  width: 12,
  queries: [{ expr: promql`${DAEMON_LONGEST_BLOCK}{${NODE}}`, legend: '{{daemon}}' }],
  lines: { warning: 'heartbeat.longest_block_seconds' },
  alerts: ['ForeshockKubeletBlocked'],
};

export const pullsInFlight: Graph = {
  kind: 'graph',
  title: 'Image pulls in flight',
  description:
    'Pulls that have begun and not ended, waiting ones included. Healthy are some for a minute; in story 002 §4 the queue stood still for 8 min.',
  story: 'pull-queue',
  unit: 'count',
  noData: NO_CLUSTER_ROLE,
  width: 8,
  queries: [{ expr: perNode(promql`${pulls.inFlight}{${NODE}}`), legend: 'in flight' }],
};

export const oldestPull: Graph = {
  kind: 'graph',
  title: 'Oldest pull in flight',
  description:
    'How long the oldest pull has been going on; it holds up the others where the kubelet pulls one image at a time. Story 002 §4: 8 min.',
  story: 'pull-queue',
  unit: 'seconds',
  noData: 'No image is being pulled',
  width: 8,
  queries: [{ expr: promql`time() - ${perNode(promql`${pulls.oldestStart}{${NODE}}`)}`, legend: 'oldest' }],
};

export const pullTimes: Graph = {
  kind: 'graph',
  title: 'Waiting and pulling',
  description:
    'What nine of ten pulls waited for others at most, and took themselves. Healthy is no waiting; a long wait with short pulls is a queue behind one image.',
  story: 'pull-queue',
  unit: 'seconds',
  noData: 'No image was pulled',
  width: 8,
  queries: [
    { expr: quantile(0.9, pulls.wait, NODE), legend: 'waited' },
    { expr: quantile(0.9, pulls.duration, NODE), legend: 'pulled' },
  ],
};

export const statusLag: Graph = {
  kind: 'graph',
  title: 'Lag of pod status',
  description:
    'From the start of a container to the status that shows it running: the median, and what 99 of 100 stay below. Healthy is 1 to 2 s; in story 002 §6 pods stayed Pending while their containers ran.',
  story: 'status-throttle',
  unit: 'seconds',
  noData: 'No container started',
  width: 12,
  queries: [
    { expr: quantile(0.5, lag, NODE), legend: 'median' },
    { expr: quantile(0.99, lag, NODE), legend: '99 of 100' },
  ],
};

const RATE_LIMITER = promql`
  sum by (cluster, instance, le) (
    rate(rest_client_rate_limiter_duration_seconds_bucket{${selectors.kubelet},${CLUSTER}}[$__rate_interval])
  )`;

export const rateLimiter: Graph = {
  kind: 'graph',
  title: "Waiting for the kubelet's own limit of requests",
  description:
    'How long requests of the kubelet wait before they are sent: its client allows some a second, and a burst. Healthy is 0; in story 002 §6 it was 5 a second and 10 at once.',
  story: 'status-throttle',
  unit: 'seconds',
  noData: "The kubelet's own metrics are not scraped",
  width: 12,
  queries: [
    {
      expr: promql`
        histogram_quantile(0.99,
          ${ofTarget(RATE_LIMITER, 'le')}
        )`,
      legend: '99 of 100',
    },
  ],
};

import * as heartbeats from '../../exporter/cluster/watchers/heartbeats.ts';
import { promql } from '../../rules/promql.ts';
import { DAEMON_BLOCKED, DAEMON_LONGEST_BLOCK, HEARTBEAT_AGE } from '../../rules/series/heartbeats.ts';
import { LEASE_DURATION } from '../../rules/series/kubelet-thresholds.ts';
import { OLDEST_PULL_AGE, PULL_WAIT, PULLS_IN_FLIGHT } from '../../rules/signatures/pull-queue.ts';
import { API_REQUEST_WAIT, API_REQUESTS_HELD, STATUS_LAG } from '../../rules/signatures/status-throttle.ts';
import { NODE, perNode } from '../expressions.ts';
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
      limit: 'orange',
    },
    { expr: promql`${LEASE_DURATION.record}{${NODE}}`, legend: 'given up from here', limit: 'red' },
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
  queries: [{ expr: promql`${PULLS_IN_FLIGHT}{${NODE}}`, legend: 'in flight' }],
  alerts: ['ForeshockImagePullQueueBlocked'],
};

export const oldestPull: Graph = {
  kind: 'graph',
  title: 'Oldest pull in flight',
  description:
    'How long the oldest pull has been going on, and of which image; it holds up the others where the kubelet pulls one image at a time.',
  story: 'pull-queue',
  unit: 'seconds',
  noData: 'No image is being pulled',
  width: 8,
  queries: [{ expr: promql`${OLDEST_PULL_AGE}{${NODE}}`, legend: '{{image}}' }],
  lines: { warning: 'pull-queue.oldest_pull_seconds' },
  alerts: ['ForeshockImagePullQueueBlocked'],
};

export const pullWait: Graph = {
  kind: 'graph',
  title: 'Waiting for other pulls',
  description:
    'What the pulls that ended in the last ten minutes had waited for others, on average; by kubelets since 1.26.',
  story: 'pull-queue',
  unit: 'seconds',
  noData: 'No pull has ended, or the kubelet does not tell',
  width: 8,
  queries: [{ expr: promql`${PULL_WAIT}{${NODE}}`, legend: 'waited' }],
  lines: { warning: 'pull-queue.pull_wait_seconds' },
  alerts: ['ForeshockImagePullWaitLong'],
};

export const statusLag: Graph = {
  kind: 'graph',
  title: 'Lag of pod status',
  description:
    'From the start of a container to the status that shows it running: what nine of ten in ten minutes stay below. In story 002 §6 pods stayed Pending while their containers ran.',
  story: 'status-throttle',
  unit: 'seconds',
  noData: 'No container has started',
  width: 12,
  queries: [{ expr: promql`${STATUS_LAG}{${NODE}}`, legend: 'nine of ten' }],
  lines: { warning: 'status-throttle.status_lag_seconds' },
  alerts: ['ForeshockPodStatusLag'],
};

export const heldRequests: Graph = {
  kind: 'graph',
  title: "Requests held by the kubelet's own limit",
  description:
    'Requests that wait before the kubelet sends them, on average: its client allows some a second, and a burst. In story 002 §6 it was 5 a second and 10 at once.',
  story: 'status-throttle',
  unit: 'count',
  noData: "The kubelet's own metrics are not scraped",
  width: 12,
  queries: [{ expr: promql`${API_REQUESTS_HELD}{${NODE}}`, legend: 'waiting' }],
  lines: { warning: 'status-throttle.held_requests' },
  alerts: ['ForeshockKubeletClientThrottled'],
};

export const requestWait: Graph = {
  kind: 'graph',
  title: 'Wait of one request',
  description:
    'How long a request of the kubelet waits for its own limit before it is sent, on average. Healthy is 0 s; the requests of story 002 §6 waited in line, each for all before it.',
  story: 'status-throttle',
  unit: 'seconds',
  noData: "The kubelet's own metrics are not scraped",
  width: 12,
  queries: [{ expr: promql`${API_REQUEST_WAIT}{${NODE}}`, legend: 'waited' }],
  alerts: ['ForeshockKubeletClientThrottled'],
};

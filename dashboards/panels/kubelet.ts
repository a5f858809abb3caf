import * as heartbeats from '../../exporter/cluster/watchers/heartbeats.ts';
import { amount } from '../../rules/amount.ts';
import { promql } from '../../rules/promql.ts';
import { DAEMON_BLOCKED, DAEMON_LONGEST_BLOCK, HEARTBEAT_AGE } from '../../rules/series/heartbeats.ts';
import { LEASE_DURATION, LEASE_RENEW_RATIO } from '../../rules/series/kubelet-thresholds.ts';
import type { DashboardContext } from '../context.ts';
import { NO_CLUSTER_ROLE, NO_DAEMONS } from '../no-data.ts';
import type { Stat, TimeSeries } from '../panel.ts';

/** By default; a kubelet with another lease duration renews as much earlier or later. */
export const RENEW_INTERVAL = amount(LEASE_RENEW_RATIO * LEASE_DURATION.documented, 'seconds');

export const HEALTHY_HEARTBEAT = `up to ${RENEW_INTERVAL}`;

export function lastHeartbeat({ chosenNode, threshold }: DashboardContext): Stat {
  const { value: share } = threshold('heartbeat.heartbeat_age_per_lease_duration');
  return {
    kind: 'stat',
    title: 'Last heartbeat',
    description: 'Time since the kubelet last renewed its lease or patched its status.',
    healthy: HEALTHY_HEARTBEAT,
    story: 'Story 004: gaps of 63 to 125 s.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: NO_CLUSTER_ROLE,
    width: 6,
    query: { expr: promql`${HEARTBEAT_AGE}{${chosenNode}}`, legend: 'heartbeat' },
    thresholds: {
      warning: {
        value: share * LEASE_DURATION.documented,
        help: `${amount(share, 'ratio')} of the default lease duration.`,
      },
    },
  };
}

export function heartbeatAge({ chosenNode, threshold }: DashboardContext): TimeSeries {
  const { value: share } = threshold('heartbeat.heartbeat_age_per_lease_duration');
  const leaseDuration = promql`${LEASE_DURATION.record}{${chosenNode}}`;
  return {
    kind: 'timeseries',
    title: 'Time since the last heartbeat',
    description: `The longest in each step. The alert fires at ${amount(share, 'ratio')} of the lease duration.`,
    healthy: HEALTHY_HEARTBEAT,
    story: 'Story 004: gaps of 63 to 125 s.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: NO_CLUSTER_ROLE,
    width: 12,
    queries: [
      { expr: promql`max_over_time(${HEARTBEAT_AGE}{${chosenNode}}[$__rate_interval])`, legend: 'heartbeat' },
      { expr: promql`${share} * ${leaseDuration}`, legend: 'alert', limitColor: 'orange' },
      { expr: leaseDuration, legend: 'lease duration', limitColor: 'red' },
    ],
    alerts: ['ForeshockKubeletHeartbeatLate', 'ForeshockNodeReadinessFlapping'],
  };
}

export function patchLag({ chosenNode, perNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Node status lag',
    description:
      'Time from when the kubelet computes the status of the node until it reaches the API server, the longest in each step.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: NO_CLUSTER_ROLE,
    width: 12,
    queries: [
      {
        expr: perNode(promql`max_over_time(${heartbeats.patchLag}{${chosenNode}}[$__rate_interval])`),
        legend: 'lag',
      },
    ],
    thresholds: { warning: threshold('heartbeat.status_patch_lag_seconds') },
    alerts: ['ForeshockStatusPatchLate'],
  };
}

export function blockedThreads({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Blocked threads',
    description:
      'Threads of the kubelet and the container runtimes in uninterruptible sleep (D), on average: they wait for a disk.',
    signature: 'log-storm',
    unit: 'count',
    noData: NO_DAEMONS,
    width: 12,
    queries: [{ expr: promql`${DAEMON_BLOCKED}{${chosenNode}}`, legend: '{{daemon}}' }],
    thresholds: { critical: threshold('log-storm.daemon_blocked_ratio') },
    alerts: ['ForeshockContainerLogStorm'],
  };
}

export function longestBlock({ chosenNode, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Longest block of a thread',
    description: 'Longest recent time that one thread was in uninterruptible sleep (D) without a break.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: NO_DAEMONS,
    width: 12,
    queries: [{ expr: promql`${DAEMON_LONGEST_BLOCK}{${chosenNode}}`, legend: '{{daemon}}' }],
    thresholds: { warning: threshold('heartbeat.longest_block_seconds') },
    alerts: ['ForeshockKubeletBlocked'],
  };
}

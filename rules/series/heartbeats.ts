import * as collectorMetrics from '../../exporter/exposition/collector-metrics.ts';
import * as daemons from '../../exporter/node/collectors/daemons.ts';
import type { Expressions } from '../expressions.ts';
import { promql } from '../promql.ts';
import { LEASE_DURATION } from './kubelet-thresholds.ts';

/** Seconds since each kubelet last renewed its lease or updated its status. */
export const HEARTBEAT_AGE = 'node:foreshock_kubelet_heartbeat_age_seconds:min';

/** Threads of each daemon that are blocked in the kernel (D state), on average. */
export const DAEMON_BLOCKED = `node_daemon:${daemons.blocked.name.replace(/_total$/, '')}:rate5m`;

/** Longest time that a thread of each daemon was blocked in the kernel in the last 5 minutes. */
export const DAEMON_LONGEST_BLOCK = `node_daemon:${daemons.longest.name}:max`;

/**
 * Longest time without a heartbeat in the last 5 minutes, where it exceeded a share of the lease duration. Not while the
 * cluster role cannot watch the API server: every node would look silent.
 */
export function heartbeatLate(share: number, { cluster, nodeLabels }: Expressions): string {
  return promql`
    max_over_time(${HEARTBEAT_AGE}[5m])
    > on (${nodeLabels})
    ${share} * ${LEASE_DURATION.record}
    and on (${cluster})
    max by (${cluster}) (min_over_time(${collectorMetrics.success}{collector="heartbeats"}[5m])) == 1`;
}

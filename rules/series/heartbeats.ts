import { success } from '../../exporter/exposition/collector-metrics.ts';
import * as daemons from '../../exporter/node/collectors/daemons.ts';
import type { Expressions } from '../expressions.ts';
import { promql } from '../promql.ts';
import { LEASE_DURATION } from './kubelet-thresholds.ts';

/** Seconds since the API server last heard of each kubelet, by its lease or its status. */
export const HEARTBEAT_AGE = 'node:foreshock_kubelet_heartbeat_age_seconds:min';

/** Threads of each daemon that hang in the kernel, on average. */
export const DAEMON_BLOCKED = `node_daemon:${daemons.blocked.name.replace(/_total$/, '')}:rate5m`;

/** The longest that one thread of each daemon hung in the kernel in the last 5 minutes. */
export const DAEMON_LONGEST_BLOCK = `node_daemon:${daemons.longest.name}:max`;

/**
 * Seconds without a heartbeat in the last 5 minutes, where they were more than a share of the lease's duration. While the
 * cluster role cannot hear the API server, every node would look silent.
 */
export function heartbeatLate(share: number, { cluster, nodeLabels }: Expressions): string {
  return promql`
    max_over_time(${HEARTBEAT_AGE}[5m])
    > on (${nodeLabels})
    ${share} * ${LEASE_DURATION.record}
    and on (${cluster})
    max by (${cluster}) (min_over_time(${success}{collector="heartbeats"}[5m])) == 1`;
}

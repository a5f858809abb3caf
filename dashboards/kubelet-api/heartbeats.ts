import * as heartbeatMetrics from '../../exporter/cluster/watchers/heartbeats.ts';
import { amount } from '../../rules/amount.ts';
import { duration, type PrometheusDuration } from '../../rules/format.ts';
import { promql } from '../../rules/promql.ts';
import { LEASE_DURATION, LEASE_RENEW_RATIO, STATUS_REPORT_INTERVAL } from '../../rules/series/kubelet-thresholds.ts';
import type { DashboardContext } from '../context.ts';
import { quantile } from '../expressions.ts';
import { NO_CLUSTER_ROLE } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';
import { heartbeatAge, patchLag, RENEW_INTERVAL } from '../panels/kubelet.ts';

export function heartbeats(context: DashboardContext): Row {
  return {
    title: 'Is the kubelet late?',
    panels: [heartbeatAge(context), patchLag(context), leaseRenewals(context), statusPatches(context)],
  };
}

function leaseRenewals(context: DashboardContext): TimeSeries {
  const { chosenNode } = context;
  return {
    kind: 'timeseries',
    title: 'Time between lease renewals',
    description: 'Median and longest in each step, rounded up to the buckets of the histogram.',
    healthy: `${RENEW_INTERVAL}, which is ${amount(LEASE_RENEW_RATIO, 'ratio')} of the lease duration`,
    story: 'Story 004: 63 to 125 s.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: NO_CLUSTER_ROLE,
    width: 12,
    queries: [
      { expr: quantile(0.5, heartbeatMetrics.renewInterval, chosenNode, context), legend: 'median' },
      { expr: quantile(1, heartbeatMetrics.renewInterval, chosenNode, context), legend: 'longest' },
      { expr: promql`${LEASE_DURATION.record}{${chosenNode}}`, legend: 'lease duration', limitColor: 'red' },
    ],
  };
}

/** Longer than the usual interval: in a shorter range there is often no patch. */
const PATCH_RANGE: PrometheusDuration = '15m';

function statusPatches(context: DashboardContext): TimeSeries {
  const { chosenNode } = context;
  return {
    kind: 'timeseries',
    title: 'Time between node status patches',
    description: `Longest of the last ${duration(PATCH_RANGE)}, rounded up to the buckets of the histogram.`,
    healthy: `${amount(STATUS_REPORT_INTERVAL.documented, 'seconds')} while nothing changes`,
    story:
      'Story 004, before leases existed: the status was the heartbeat and came every 63 to 125 s instead of every 10 s.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: NO_CLUSTER_ROLE,
    width: 12,
    queries: [
      {
        expr: quantile(1, heartbeatMetrics.patchInterval, chosenNode, context, { range: PATCH_RANGE }),
        legend: 'longest',
      },
      {
        expr: promql`${STATUS_REPORT_INTERVAL.record}{${chosenNode}}`,
        legend: 'report interval',
        limitColor: 'text',
      },
    ],
  };
}

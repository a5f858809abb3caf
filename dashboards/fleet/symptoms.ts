import * as conditions from '../../exporter/cluster/watchers/conditions.ts';
import * as events from '../../exporter/cluster/watchers/events.ts';
import { amount } from '../../rules/amount.ts';
import { promql } from '../../rules/promql.ts';
import { HEARTBEAT_AGE } from '../../rules/series/heartbeats.ts';
import { LEASE_DURATION } from '../../rules/series/kubelet-thresholds.ts';
import type { DashboardContext } from '../context.ts';
import { MAX_SERIES } from '../expressions.ts';
import type { BarGauge, Row, TimeSeries } from '../panel.ts';
import { HEALTHY_HEARTBEAT } from '../panels/kubelet.ts';

export function symptoms(context: DashboardContext): Row {
  const { chosenClusters } = context;
  return {
    title: 'Symptoms',
    panels: [
      heartbeatGaps(context),
      mostEvents(
        {
          title: 'Failed image garbage collections',
          description: 'By node: collections that failed or did not free enough, in the time range.',
          healthy: '0',
          story: 'Story 001: one every 5 min.',
          signature: 'disk-pressure-loop',
          noData: 'None failed',
        },
        promql`${events.failures}{${chosenClusters}}`,
        context,
      ),
      mostEvents(
        {
          title: 'DiskPressure by node',
          description: 'Transitions to DiskPressure in the time range.',
          healthy: '0',
          story: 'Story 001: 21 a day.',
          signature: 'disk-pressure-loop',
          noData: 'No DiskPressure',
        },
        promql`${conditions.transitions}{condition="DiskPressure",status="True",${chosenClusters}}`,
        context,
      ),
      mostEvents(
        {
          title: 'Unknown by node',
          description: 'Transitions to Unknown in the time range: the node sent no heartbeat in time.',
          healthy: '0, or 1 after a reboot',
          story: 'Story 004: for a minute at a time.',
          signature: 'image-gc-stall',
          noData: 'No node was Unknown',
        },
        promql`${conditions.transitions}{condition="Ready",status="Unknown",${chosenClusters}}`,
        context,
      ),
    ],
  };
}

/** Share of the lease duration from which on a gap is shown. */
const MIN_GAP_PER_LEASE_DURATION = 0.5;

function heartbeatGaps({ chosenClusters, cluster, nodeLabels }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Heartbeat gaps',
    description:
      `The ${MAX_SERIES} longest times without a heartbeat in each step, where they are longer than ` +
      `${amount(MIN_GAP_PER_LEASE_DURATION, 'ratio')} of the lease duration.`,
    healthy: HEALTHY_HEARTBEAT,
    story: 'Story 004: 63 to 125 s.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: 'No heartbeat was late',
    width: 6,
    events: true,
    queries: [
      {
        expr: promql`
          topk(${MAX_SERIES}, max_over_time(${HEARTBEAT_AGE}{${chosenClusters}}[$__rate_interval]))
          > on (${nodeLabels})
          ${MIN_GAP_PER_LEASE_DURATION} * ${LEASE_DURATION.record}{${chosenClusters}}`,
        legend: `{{node}} {{${cluster}}}`,
      },
    ],
    alerts: ['ForeshockKubeletHeartbeatLate'],
  };
}

/** How often a counter of events went up in the time range, for the nodes with the most. */
function mostEvents(
  panel: Omit<BarGauge, 'kind' | 'unit' | 'query' | 'width'>,
  counter: string,
  { cluster, perNode }: DashboardContext,
): BarGauge {
  return {
    ...panel,
    kind: 'bargauge',
    unit: 'count',
    width: 6,
    query: {
      expr: promql`topk(${MAX_SERIES}, round(${perNode(promql`increase(${counter}[$__range])`)}) > 0)`,
      legend: `{{node}} {{${cluster}}}`,
    },
  };
}

import { transitions } from '../exporter/cluster/watchers/conditions.ts';
import { failures } from '../exporter/cluster/watchers/events.ts';
import * as layers from '../exporter/collectors/writable-layers.ts';
import { OWNER_LABELS } from '../exporter/containers/container.ts';
import { LEASE_DURATION } from '../rules/kubelet-thresholds.ts';
import { promql } from '../rules/promql.ts';
import type { Severity } from '../rules/signature.ts';
import { HEARTBEAT_AGE } from '../rules/signatures/heartbeat.ts';
import { signatures } from '../rules/signatures/index.ts';
import { LOG_BYTES, LOG_RATE } from '../rules/signatures/log-storm.ts';
import { firing, SEVERITIES, severity } from './alerts.ts';
import type { Source } from './dashboard.ts';
import { CLUSTER, perNode, withOwner } from './expressions.ts';
import type { Bars, Figure, Table } from './panel.ts';
import { threshold } from './thresholds.ts';

const NO_CLUSTER_ROLE = 'The cluster role says nothing of these clusters';

/** Nodes with an alert of that severity in the time range, and for how long. */
const lasting = (one: Severity) =>
  promql`sum by (cluster, node) (count_over_time(${firing(one, CLUSTER)}[$__range] @ end()))`;

const nodesWith = (one: Severity, color: 'orange' | 'red', story: string): Figure => ({
  kind: 'figure',
  title: `Nodes with a ${one} alert`,
  description: `Nodes on which a ${one} alert of Foreshock fires. Healthy is 0.`,
  story,
  unit: 'count',
  noData: 'Prometheus has no alerts',
  width: 5,
  query: {
    expr: promql`count(count by (cluster, node) (${firing(one, CLUSTER)})) or vector(0)`,
    legend: one,
  },
  from: { value: 1, color },
});

/** How often something happened to nodes within the time range: the ten to which it happened most. */
const mostOften = (panel: Omit<Bars, 'kind' | 'unit' | 'query' | 'width'>, counter: string): Bars => ({
  ...panel,
  kind: 'bars',
  unit: 'count',
  width: 6,
  query: {
    expr: promql`topk(10, round(${perNode(promql`increase(${counter}[$__range])`)}) > 0)`,
    legend: '{{node}} {{cluster}}',
  },
});

const topContainers = (
  panel: Pick<Table, 'title' | 'description' | 'story' | 'unit' | 'sortBy'>,
  series: string,
): Table => ({
  ...panel,
  kind: 'table',
  noData: 'No container has this',
  width: 8,
  height: 10,
  labels: { node: 'Node', owner: 'Container' },
  columns: [
    {
      title: panel.sortBy,
      expr: promql`max by (cluster, node, owner) (${withOwner(promql`topk(15, ${series})`)})`,
    },
  ],
});

export const fleet: Source = {
  uid: 'foreshock-fleet',
  title: 'Foreshock / Fleet',
  description:
    'Which nodes show which of the ways in which nodes are known to die, now and over the last day, and which containers write most.',
  of: 'clusters',
  from: 'now-24h',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'figure',
          title: 'Nodes',
          description: 'Nodes that are heard of: by their own exporter, or by the cluster role.',
          story: 'log-storm',
          unit: 'count',
          noData: 'Nothing is heard of any node',
          width: 4,
          query: {
            expr: promql`count(count by (cluster, node) ({__name__=~"foreshock_pids_used|node:foreshock_kubelet:info",${CLUSTER}}))`,
            legend: 'nodes',
          },
        },
        nodesWith('critical', 'red', 'log-storm'),
        nodesWith('warning', 'orange', 'log-storm'),
        {
          kind: 'figure',
          title: 'Heartbeats late',
          description:
            'Nodes whose kubelet has not been heard of for longer than the alert allows. Healthy is 0; in story 004 heartbeats came 63 to 125 s apart.',
          story: 'log-storm',
          unit: 'count',
          noData: NO_CLUSTER_ROLE,
          width: 5,
          query: {
            expr: promql`
              sum(
                ${HEARTBEAT_AGE}{${CLUSTER}}
                > bool on (cluster, node)
                ${threshold('heartbeat.heartbeat_age_per_lease_duration').default} * ${LEASE_DURATION.record}{${CLUSTER}}
              )`,
            legend: 'late',
          },
          from: { value: 1, color: 'orange' },
          alerts: ['ForeshockKubeletHeartbeatLate'],
        },
        {
          kind: 'figure',
          title: 'Turns to DiskPressure',
          description: 'Of all nodes, in the time range. Healthy is 0; in story 001 21 a day of one node.',
          story: 'disk-pressure-loop',
          unit: 'count',
          noData: NO_CLUSTER_ROLE,
          width: 5,
          query: {
            expr: promql`
              sum(round(
                ${perNode(promql`increase(${transitions}{condition="DiskPressure",status="True",${CLUSTER}}[$__range])`)}
              ))`,
            legend: 'turns',
          },
          from: { value: 1, color: 'orange' },
        },
      ],
    },
    {
      title: 'Which node, and what is it?',
      panels: [
        {
          kind: 'lanes',
          title: 'Signatures by node',
          description:
            'The worst alert of each signature: nodes with critical ones first, twenty at most, then the twenty with the longest warnings. Healthy is nothing here.',
          story: 'log-storm',
          unit: 'count',
          noData: 'No alert has fired',
          width: 24,
          height: 11,
          queries: [
            {
              expr: promql`
                ${severity(['signature'], CLUSTER)}
                and on (cluster, node)
                topk(20, ${lasting('critical')})`,
              legend: '{{node}} {{signature}} {{cluster}}',
            },
            {
              expr: promql`
                ${severity(['signature'], CLUSTER)}
                and on (cluster, node)
                topk(20, ${lasting('warning')} unless on (cluster, node) ${lasting('critical')})`,
              legend: '{{node}} {{signature}} {{cluster}}',
              story: 'mount-unit-leak',
            },
          ],
          states: SEVERITIES,
        },
        {
          kind: 'table',
          title: 'Nodes with alerts',
          description:
            'The worst alert of each signature that fires now, worst nodes first; the name of a node leads to its dashboards. Healthy is an empty table.',
          story: 'log-storm',
          unit: 'count',
          noData: 'No alert fires',
          width: 24,
          height: 9,
          labels: { node: 'Node', cluster: 'Cluster' },
          columns: [
            { title: 'Worst', expr: severity([], CLUSTER), states: SEVERITIES },
            ...signatures.map(({ id }) => ({
              title: id,
              expr: severity([], `signature="${id}",${CLUSTER}`),
              story: id,
              states: SEVERITIES,
            })),
          ],
          sortBy: 'Worst',
        },
      ],
    },
    {
      title: 'Signs of it',
      panels: [
        {
          kind: 'graph',
          title: 'Heartbeat gaps',
          description:
            'The longest time that nothing was heard of a kubelet, the ten longest of each step. Healthy is up to 10 s; in story 004 63 to 125 s.',
          story: 'log-storm',
          unit: 'seconds',
          noData: NO_CLUSTER_ROLE,
          width: 6,
          queries: [
            {
              expr: promql`topk(10, max_over_time(${HEARTBEAT_AGE}{${CLUSTER}}[$__rate_interval]))`,
              legend: '{{node}} {{cluster}}',
            },
          ],
          alerts: ['ForeshockKubeletHeartbeatLate'],
        },
        mostOften(
          {
            title: 'Failed image garbage collections',
            description:
              'That failed or did not free enough, in the time range. Healthy is 0; in story 001 every 5 min.',
            story: 'disk-pressure-loop',
            noData: 'None has failed',
          },
          promql`${failures}{${CLUSTER}}`,
        ),
        mostOften(
          {
            title: 'DiskPressure by node',
            description:
              'How often a node turned to DiskPressure, in the time range. Healthy is 0; in story 001 21 a day.',
            story: 'disk-pressure-loop',
            noData: 'No node had any',
          },
          promql`${transitions}{condition="DiskPressure",status="True",${CLUSTER}}`,
        ),
        mostOften(
          {
            title: 'Turned Unknown',
            description:
              'How often a node was given up, in the time range. Healthy is 0, or 1 for a reboot; in story 004 for a minute at a time.',
            story: 'image-gc-stall',
            noData: 'No node was given up',
          },
          promql`${transitions}{condition="Ready",status="Unknown",${CLUSTER}}`,
        ),
      ],
    },
    {
      title: 'Which containers write most?',
      panels: [
        topContainers(
          {
            title: 'Fastest logs',
            description:
              'Bytes a second, the fastest five minutes of the last hour. Healthy is 0.1 MB/s; in story 004 60 MB/s.',
            story: 'log-storm',
            sortBy: 'Log rate',
            unit: 'bytes/second',
          },
          promql`max_over_time(${LOG_RATE}{${CLUSTER}}[1h])`,
        ),
        topContainers(
          {
            title: 'Largest logs',
            description: 'With what was rotated. Healthy are 30 to 1000 MB where a limit holds; in story 004 12 GB.',
            story: 'log-storm',
            sortBy: 'Log size',
            unit: 'bytes',
          },
          promql`${LOG_BYTES}{${CLUSTER}}`,
        ),
        topContainers(
          {
            title: 'Largest writable layers',
            description: 'What was written outside volumes. Healthy are some MB; in story 001 5.0 GB.',
            story: 'disk-pressure-loop',
            sortBy: 'Layer size',
            unit: 'bytes',
          },
          perNode(promql`${layers.bytes}{${CLUSTER}}`, ...OWNER_LABELS),
        ),
      ],
    },
  ],
};

import { promql } from '../../rules/promql.ts';
import type { Severity } from '../../rules/settings.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { firing, SEVERITIES, severity } from '../alerts.ts';
import { CLUSTER } from '../expressions.ts';
import type { Row } from '../panel.ts';

/** What is wrong with nodes, rather than with what watches them. */
const OF_NODES = `signature!="exporter",${CLUSTER}`;

/** Nodes with an alert of that severity in the time range, and for how long. */
const lasting = (one: Severity) =>
  promql`sum by (cluster, node) (count_over_time(${firing(one, CLUSTER)}[$__range] @ end()))`;

export const nodes: Row = {
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
        { title: 'Worst', expr: severity([], OF_NODES), states: SEVERITIES },
        ...signatures
          .filter(({ id }) => id !== 'exporter')
          .map(({ id }) => ({
            title: id,
            expr: severity([], `signature="${id}",${CLUSTER}`),
            story: id === 'heartbeat' ? 'log-storm' : id,
            states: SEVERITIES,
          })),
      ],
      sortBy: 'Worst',
    },
  ],
};

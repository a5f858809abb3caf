import { promql } from '../../rules/promql.ts';
import type { Severity } from '../../rules/settings.ts';
import { exporter } from '../../rules/signatures/exporter.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { firing, SEVERITIES, worstSeverity } from '../alerts.ts';
import type { DashboardContext } from '../context.ts';
import type { Row, StateTimeline, Table } from '../panel.ts';

/** How many nodes the timeline shows at most, of each severity. */
const MAX_NODES = 20;

export function nodes(context: DashboardContext): Row {
  return { title: 'Which nodes, and why?', panels: [timeline(context), table(context)] };
}

function timeline(context: DashboardContext): StateTimeline {
  const { chosenClusters, cluster, nodeLabels } = context;
  const bySignature = worstSeverity(['signature'], chosenClusters, context);
  const stepsWith = (severity: Severity) =>
    promql`sum by (${nodeLabels}) (count_over_time(${firing(severity, chosenClusters)}[$__range] @ end()))`;
  const legend = `{{node}} {{signature}} {{${cluster}}}`;
  return {
    kind: 'state-timeline',
    title: 'Signatures by node',
    description:
      `The worst alert of each signature over time, for up to ${MAX_NODES} nodes with the longest critical alerts, ` +
      `then for up to ${MAX_NODES} others with the longest warnings.`,
    healthy: 'no alerts',
    signature: 'log-storm',
    unit: 'count',
    noData: 'No alert in the time range',
    width: 24,
    height: 11,
    queries: [
      {
        expr: promql`
          ${bySignature}
          and on (${nodeLabels})
          topk(${MAX_NODES}, ${stepsWith('critical')})`,
        legend,
      },
      {
        expr: promql`
          ${bySignature}
          and on (${nodeLabels})
          topk(${MAX_NODES}, ${stepsWith('warning')} unless on (${nodeLabels}) ${stepsWith('critical')})`,
        legend,
        signature: 'mount-unit-leak',
      },
    ],
    states: SEVERITIES,
  };
}

function table(context: DashboardContext): Table {
  const { chosenClusters, cluster } = context;
  return {
    kind: 'table',
    title: 'Nodes with alerts',
    description:
      'The worst alert of each signature that fires now, worst nodes first. The name of a node links to its dashboards.',
    healthy: 'an empty table',
    signature: 'log-storm',
    unit: 'count',
    noData: 'No alert fires',
    width: 24,
    height: 9,
    labels: { node: 'Node', [cluster]: 'Cluster' },
    columns: [
      {
        title: 'Worst',
        // Not those about Foreshock itself.
        expr: worstSeverity([], `signature!="${exporter.id}",${chosenClusters}`, context),
        states: SEVERITIES,
      },
      ...signatures
        .filter(({ id }) => id !== exporter.id)
        .map(({ id }) => ({
          title: id,
          expr: worstSeverity([], `signature="${id}",${chosenClusters}`, context),
          signature: id === 'heartbeat' ? 'log-storm' : id,
          states: SEVERITIES,
        })),
    ],
    sortBy: 'Worst',
  };
}

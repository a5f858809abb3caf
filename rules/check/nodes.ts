import * as conditions from '../../exporter/cluster/watchers/conditions.ts';
import * as heartbeats from '../../exporter/cluster/watchers/heartbeats.ts';
import * as collectorMetrics from '../../exporter/exposition/collector-metrics.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { type Expressions, expressionsOf, TARGET_NODE } from '../expressions.ts';
import { promql } from '../promql.ts';
import { nodeIdentity } from '../series/node-identity.ts';
import type { Settings } from '../settings.ts';
import { abbreviate, type Finding } from './finding.ts';
import type { Query, Series } from './prometheus.ts';

/** An exporter whose series name nodes, with the labels that the rules give them. */
interface Source {
  readonly name: string;
  readonly expr: string;
  readonly remedy: string;
}

interface QueriedSource extends Source {
  readonly series: readonly Series[];
}

/** The most reliable first: the API server's name of a node is the right one. */
function sources({ perNode, selectors, targetNode }: Expressions, targets: string): Source[] {
  const ofCluster = [heartbeats.renewTimestamp, heartbeats.patchTimestamp, conditions.transitions]
    .map(({ name }) => name)
    .join('|');
  const ofNode = collectors.map(({ name }) => name).join('|');
  const relabel = `relabel the node name to the label \`${targetNode}\` in the scrape configuration (in Kubernetes from \`__meta_kubernetes_pod_node_name\`)`;
  return [
    {
      name: '`foreshock cluster`',
      expr: perNode(`{__name__=~"${ofCluster}",node!=""}`),
      remedy: 'set `honor_labels: true` in its scrape configuration',
    },
    {
      name: 'kube-state-metrics',
      expr: perNode(`kube_node_info{${selectors.kube_state_metrics}}`),
      remedy: 'set `honor_labels: true` in its scrape configuration',
    },
    {
      name: 'the kubelet',
      expr: perNode(`kubelet_node_name{${selectors.kubelet}}`, 'instance'),
      remedy: 'relabel `__meta_kubernetes_node_name` to `node` in its scrape configuration',
    },
    {
      name: '`foreshock node`',
      expr: perNode(promql`${collectorMetrics.success}{collector=~"${ofNode}"}`, 'instance'),
      remedy: relabel,
    },
    { name: 'node_exporter', expr: targets, remedy: relabel },
  ];
}

/** Targets without a node label, and nodes that some exporters lack or name differently. */
export async function nodeMismatches(query: Query, settings: Settings): Promise<Finding[]> {
  const expressions = expressionsOf(settings);
  const targets = nodeIdentity(expressions).find(({ record }) => record === TARGET_NODE)?.expr ?? '';
  const queried: QueriedSource[] = [];
  for (const source of sources(expressions, targets)) queried.push({ ...source, series: await query(source.expr) });
  const { cluster } = settings.labels;
  const clusters = clusterLabel(queried, cluster);
  const clusterOf = (series: Series) => (clusters.length > 0 ? undefined : series.labels[cluster]);
  return [...queried.flatMap((source) => unnamed(source, settings)), ...clusters, ...differences(queried, clusterOf)];
}

function unnamed({ name, series, remedy }: QueriedSource, { labels }: Settings): Finding[] {
  const without = series.filter((one) => !one.labels.node).map((one) => one.labels.instance ?? '(no instance)');
  if (without.length === 0) return [];
  const what = `${targets(without.length)} of ${name} without the label \`${labels.node}\`: ${abbreviate(without.sort())}`;
  return [{ level: 'missing', what, remedy }];
}

function targets(count: number): string {
  return count === 1 ? '1 target' : `${count} targets`;
}

/** Joins are by cluster and node: series with the label never match series without it. */
function clusterLabel(queried: readonly QueriedSource[], label: string): Finding[] {
  const some = (has: boolean) =>
    queried.filter(({ series }) => series.some(({ labels }) => Boolean(labels[label]) === has)).map(({ name }) => name);
  const [having, lacking] = [some(true), some(false)];
  if (having.length === 0 || lacking.length === 0) return [];
  const what = `the label \`${label}\` is on series of ${having.join(', ')}, but not on all of ${lacking.join(', ')}`;
  return [{ level: 'missing', what, remedy: 'give it to the targets of every job, or of none' }];
}

function differences(queried: readonly QueriedSource[], clusterOf: (series: Series) => string | undefined): Finding[] {
  const sourcesWithNodes = queried.map((source) => ({ ...source, nodes: nodesOf(source.series, clusterOf) }));
  const [reference, ...others] = sourcesWithNodes.filter(({ nodes }) => nodes.size > 0);
  if (!reference) return [];
  return others.flatMap(({ name, nodes, remedy }): Finding[] => {
    const unknown = [...nodes].filter((node) => !reference.nodes.has(node)).sort();
    const absent = [...reference.nodes].filter((node) => !nodes.has(node)).sort();
    if (unknown.length === 0 && absent.length === 0) return [];
    const lacks = `lacks ${absent.length} of the ${reference.nodes.size} nodes of ${reference.name}: ${abbreviate(absent)}`;
    if (unknown.length === 0) {
      const everywhere = 'run and scrape it on these nodes too (check the tolerations of its DaemonSet)';
      return [{ level: 'missing', what: `${name} ${lacks}`, remedy: everywhere }];
    }
    const has = `has nodes that ${reference.name} does not know: ${abbreviate(unknown)}`;
    return [{ level: 'missing', what: `${name} ${has}${absent.length > 0 ? `; it ${lacks}` : ''}`, remedy }];
  });
}

function nodesOf(series: readonly Series[], clusterOf: (series: Series) => string | undefined): Set<string> {
  return new Set(
    series.flatMap((one) => {
      const { node } = one.labels;
      const cluster = clusterOf(one);
      if (!node) return [];
      return [cluster ? `${cluster}/${node}` : node];
    }),
  );
}

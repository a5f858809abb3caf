import { transitions } from '../../exporter/cluster/watchers/conditions.ts';
import { patchTimestamp, renewTimestamp } from '../../exporter/cluster/watchers/heartbeats.ts';
import { success } from '../../exporter/exposition/collector-metrics.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { type Expressions, expressionsOf, TARGET_NODE } from '../expressions.ts';
import { promql } from '../promql.ts';
import { nodeIdentity } from '../series/node-identity.ts';
import type { Settings } from '../settings.ts';
import { type Finding, few } from './finding.ts';
import type { Query, Series } from './prometheus.ts';

/** One that tells of nodes, by the labels that rules make of its series. */
interface Source {
  readonly name: string;
  readonly expr: string;
  readonly remedy: string;
}

interface Seen extends Source {
  readonly series: readonly Series[];
}

/** In the order in which they are believed: the API server's name of a node is its name. */
function sources({ perNode, selectors, targetNode }: Expressions, targets: string): Source[] {
  const ofCluster = [renewTimestamp, patchTimestamp, transitions].map(({ name }) => name).join('|');
  const ofNode = collectors.map(({ name }) => name).join('|');
  const relabel = `relabel the name of the node to the label \`${targetNode}\` in the scrape configuration (in Kubernetes from \`__meta_kubernetes_pod_node_name\`)`;
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
      expr: perNode(promql`${success}{collector=~"${ofNode}"}`, 'instance'),
      remedy: relabel,
    },
    { name: 'node_exporter', expr: targets, remedy: relabel },
  ];
}

/** Targets whose nodes are not named, and nodes that one has and another has not, or calls otherwise. */
export async function nodes(query: Query, settings: Settings): Promise<Finding[]> {
  const expressions = expressionsOf(settings);
  const targets = nodeIdentity(expressions).find(({ record }) => record === TARGET_NODE)?.expr ?? '';
  const seen: Seen[] = [];
  for (const source of sources(expressions, targets)) seen.push({ ...source, series: await query(source.expr) });
  const { cluster } = settings.labels;
  const clusters = clusterLabel(seen, cluster);
  const ofCluster = (series: Series) => (clusters.length > 0 ? undefined : series.labels[cluster]);
  return [...seen.flatMap((one) => unnamed(one, settings)), ...clusters, ...differences(seen, ofCluster)];
}

function unnamed({ name, series, remedy }: Seen, { labels }: Settings): Finding[] {
  const without = series.filter((one) => !one.labels.node).map((one) => one.labels.instance ?? '(no instance)');
  if (without.length === 0) return [];
  const what = `${targets(without.length)} of ${name} without the label \`${labels.node}\`: ${few(without.sort())}`;
  return [{ level: 'missing', what, remedy }];
}

function targets(count: number): string {
  return count === 1 ? '1 target' : `${count} targets`;
}

/** Joins are by cluster and node: of what has the label and what has not, nothing meets. */
function clusterLabel(seen: readonly Seen[], label: string): Finding[] {
  const some = (has: boolean) =>
    seen.filter(({ series }) => series.some(({ labels }) => Boolean(labels[label]) === has)).map(({ name }) => name);
  const [having, lacking] = [some(true), some(false)];
  if (having.length === 0 || lacking.length === 0) return [];
  const what = `the label \`${label}\` is on series of ${having.join(', ')}, but not on all of ${lacking.join(', ')}`;
  return [{ level: 'missing', what, remedy: 'give it to the targets of every job, or of none' }];
}

function differences(seen: readonly Seen[], clusterOf: (series: Series) => string | undefined): Finding[] {
  const named = seen.map((one) => ({ ...one, nodes: nodesOf(one.series, clusterOf) }));
  const [reference, ...others] = named.filter(({ nodes }) => nodes.size > 0);
  if (!reference) return [];
  return others.flatMap(({ name, nodes, remedy }): Finding[] => {
    const strange = [...nodes].filter((node) => !reference.nodes.has(node)).sort();
    const absent = [...reference.nodes].filter((node) => !nodes.has(node)).sort();
    if (strange.length === 0 && absent.length === 0) return [];
    const lacks = `has nothing of ${absent.length} of the ${reference.nodes.size} nodes that ${reference.name} knows: ${few(absent)}`;
    if (strange.length === 0) {
      const everywhere = 'run and scrape it there too (see the tolerations of its DaemonSet)';
      return [{ level: 'missing', what: `${name} ${lacks}`, remedy: everywhere }];
    }
    const has = `has nodes that ${reference.name} does not know: ${few(strange)}`;
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

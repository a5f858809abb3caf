import { renewTimestamp } from '../../exporter/cluster/watchers/heartbeats.ts';
import { runDelay } from '../../exporter/node/collectors/daemons.ts';
import { type Expressions, TARGET_NODE } from '../expressions.ts';
import { promql } from '../promql.ts';
import type { RecordingRule } from '../signature.ts';

/** 1 for every node that has a kubelet; a plain Docker host has no limits of one. */
export const KUBELET_NODE = 'node:foreshock_kubelet:info';

/**
 * Makes the targets of node_exporter and the kubelet meet Foreshock's and kube-state-metrics' nodes: by the label that
 * the scrape configuration gives them, or by the kubelet's own name, the address that the API server knows, or the name
 * of the host, which is the node's unless --hostname-override says otherwise. Where two nodes claim the same, one gets it:
 * an expression with two matches would fail for all.
 */
export function nodeIdentity({ cluster, targetNode, selectors, perNode }: Expressions): RecordingRule[] {
  const host = (more = '') => `node_uname_info{${selectors.node_exporter}${more}}`;
  return [
    {
      record: TARGET_NODE,
      expr: promql`
        topk by (${cluster}, instance) (1,
          ${perNode(host(`,${targetNode}!=""`), 'instance')}
          or on (${cluster}, instance)
          ${perNode(`kubelet_node_name{${selectors.kubelet},node!=""}`, 'instance')}
          or on (${cluster}, instance)
          max by (${cluster}, node, instance) (
            label_replace(${host()}, "internal_ip", "$1", "instance", "(.+):[0-9]+")
            * on (${cluster}, internal_ip) group_left (node)
            topk by (${cluster}, internal_ip) (1, max by (${cluster}, node, internal_ip) (kube_node_info{${selectors.kube_state_metrics}}))
          )
          or on (${cluster}, instance)
          max by (${cluster}, node, instance) (label_replace(${host()}, "node", "$1", "nodename", "(.+)"))
        )`,
    },
    {
      record: KUBELET_NODE,
      expr: promql`
        0 * (
          ${perNode(promql`${runDelay}{daemon="kubelet"}`)}
          or
          ${perNode(promql`${renewTimestamp}`)}
        ) + 1`,
    },
  ];
}

import * as heartbeats from '../../exporter/cluster/watchers/heartbeats.ts';
import * as daemons from '../../exporter/node/collectors/daemons.ts';
import { type Expressions, TARGET_NODE } from '../expressions.ts';
import { promql } from '../promql.ts';
import type { RecordingRule } from '../signature.ts';

/** 1 for every node that has a kubelet: the defaults of the kubelet do not hold for a plain Docker host. */
export const KUBELET_NODE = 'node:foreshock_kubelet:info';

/** An address with or without a port, IPv6 in brackets; without them the last group of an IPv6 address reads as a port. */
const ADDRESS = '[[]?(.+?)[]]?(:[0-9]+)?';

/**
 * Maps the targets of node_exporter and the kubelet to the nodes of Foreshock and kube-state-metrics: by the label that
 * the scrape configuration gives them, or by an instance that is the name of a node, as kube-prometheus makes it for
 * node_exporter, by the kubelet's own name, the address that the API server has, or the name of the host, which is the node's
 * unless --hostname-override or the cloud differs. A target that matches two nodes gets one of them, because an expression
 * with two matches fails for all.
 */
export function nodeIdentity({ cluster, targetNode, selectors, perNode }: Expressions): RecordingRule[] {
  const host = (more = '') => `node_uname_info{${selectors.node_exporter}${more}}`;
  const known = `kube_node_info{${selectors.kube_state_metrics}}`;
  return [
    {
      record: TARGET_NODE,
      expr: promql`
        topk by (${cluster}, instance) (1,
          ${perNode(host(`,${targetNode}!=""`), 'instance')}
          or on (${cluster}, instance)
          max by (${cluster}, node, instance) (
            label_replace(${host()}, "node", "$1", "instance", "(.+)")
            and on (${cluster}, node)
            ${known}
          )
          or on (${cluster}, instance)
          ${perNode(`kubelet_node_name{${selectors.kubelet},node!=""}`, 'instance')}
          or on (${cluster}, instance)
          max by (${cluster}, node, instance) (
            label_replace(${host()}, "internal_ip", "$1", "instance", "${ADDRESS}")
            * on (${cluster}, internal_ip) group_left (node)
            topk by (${cluster}, internal_ip) (1, max by (${cluster}, node, internal_ip) (${known}))
          )
          or on (${cluster}, instance)
          max by (${cluster}, node, instance) (label_replace(${host()}, "node", "$1", "nodename", "(.+)"))
        )`,
    },
    {
      record: KUBELET_NODE,
      expr: promql`
        0 * (
          ${perNode(promql`${daemons.runDelay}{daemon="kubelet"}`)}
          or
          ${perNode(promql`${heartbeats.renewTimestamp}`)}
        ) + 1`,
    },
  ];
}

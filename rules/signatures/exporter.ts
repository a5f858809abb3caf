import { watchers } from '../../exporter/cluster/watchers/index.ts';
import { lastSuccess, success, timeouts } from '../../exporter/exposition/collector-metrics.ts';
import { promql } from '../promql.ts';
import { KUBELET_NODE } from '../series/node-identity.ts';
import { defineSignature } from '../signature.ts';

/**
 * 1 for every host whose node role says something. By its collectors, as `up` is that of the cluster role too where a
 * pod's target is named after its node, and does not exist where node_exporter's textfile collector hands it on.
 */
export const NODE_ROLE = 'node_instance:foreshock_node_role:info';

/** 1 for every cluster whose cluster role says something. */
export const CLUSTER_ROLE = 'cluster:foreshock_cluster_role:info';

/** Whether any target of Foreshock answers, by node; the cluster role's may have none. */
export const EXPORTER_UP = 'node:foreshock_up:max';

/** 1 for every node that the API server knows. */
export const KUBERNETES_NODE = 'node:foreshock_kubernetes_node:info';

const OF_CLUSTER_ROLE = watchers.map(({ name }) => name).join('|');

export const exporter = defineSignature({
  id: 'exporter',
  title: 'Foreshock itself is blind or gone',
  story: 'Not a story: an exporter that says nothing looks like a node without trouble.',
  thresholds: {
    stale_seconds: {
      default: 900,
      unit: 'seconds',
      help:
        'Age of the values of a collector that reports no failure; healthy is 15 to 90 s. Above the longest ' +
        'schedule that you set with --collector.<name>.schedule.',
    },
  },

  rules({ cluster, perNode, nodeLabels, selectors, texts, thresholds }) {
    const ofNodes = `{collector!~"${OF_CLUSTER_ROLE}"}`;
    const ofCluster = `{collector=~"${OF_CLUSTER_ROLE}"}`;
    // What the cluster role says of itself is not about the node that it happens to run on.
    const ofBoth = (expr: (matchers: string) => string) => promql`
      ${perNode(expr(ofNodes), 'collector')}
      or
      max by (${cluster}, collector) (${expr(ofCluster)})`;
    const inLastDay = (record: string) => `max_over_time(${record}[1d:5m])`;
    const lookAtNode = (kubernetes: string, host: string) =>
      texts.lookup((node) => inLastDay(`${KUBERNETES_NODE}{${node}}`), `\`${kubernetes}\``, host);
    const podOnNode = 'app.kubernetes.io/component=node --field-selector spec.nodeName={{ $labels.node }}';
    const byRole = (ofClusterRole: string, ofNode: string) =>
      `{{ if match "^(${OF_CLUSTER_ROLE})$" $labels.collector }}${ofClusterRole}{{ else }}${ofNode}{{ end }}`;
    const collector = `Collector {{ $labels.collector }} of ${byRole(`the cluster role${texts.ofCluster}`, texts.node)}`;
    const log = byRole(
      '`kubectl -n foreshock logs --tail=50 deploy/foreshock-cluster`',
      lookAtNode(
        `kubectl -n foreshock logs --tail=50 $(kubectl -n foreshock get pods -l ${podOnNode} -o name)`,
        '`journalctl -u foreshock -n 50` or `docker logs --tail=50 foreshock` on the host',
      ),
    );
    return {
      records: [
        { record: NODE_ROLE, expr: perNode(promql`${success}${ofNodes} >= bool 0`, 'instance') },
        { record: CLUSTER_ROLE, expr: promql`max by (${cluster}) (${success}${ofCluster} >= bool 0)` },
        { record: EXPORTER_UP, expr: perNode(`up{${selectors.foreshock}}`) },
        {
          record: KUBERNETES_NODE,
          expr: promql`
            ${perNode(`kube_node_info{${selectors.kube_state_metrics}}`)}
            or on (${nodeLabels})
            ${KUBELET_NODE}`,
        },
      ],
      alerts: [
        {
          name: 'ForeshockExporterDown',
          severity: 'warning',
          // A target that is gone has no `up`: Kubernetes knows of its nodes, of other hosts only the past does. That of
          // a node tells nothing, as autoscalers remove nodes all day. Cordoned ones are being worked on, and on Windows
          // there is nothing to read.
          expr: promql`
            max by (${nodeLabels}) (
              ${KUBERNETES_NODE}
              or
              ${EXPORTER_UP}{node!=""} == 0
              or
              (
                ${inLastDay(`${NODE_ROLE}{node!=""}`)}
                unless on (${nodeLabels})
                ${inLastDay(KUBERNETES_NODE)}
              )
            )
            unless on (${nodeLabels})
            ${NODE_ROLE}
            unless on (${nodeLabels})
            (
              ${perNode(`kube_node_spec_unschedulable{${selectors.kube_state_metrics}}`)} == 1
              or
              ${perNode(`kube_node_info{${selectors.kube_state_metrics},os_image=~"Windows.*"}`)}
            )`,
          for: '10m',
          lead: 'None: it is about what the other alerts cannot see. A node that reboots is back before it.',
          summary: 'Nothing answers as the node role of Foreshock on a node.',
          description:
            `\`foreshock node\` of ${texts.node} has not answered for ten minutes: trouble there shows in no alert and on no dashboard. ` +
            `Next: ${lookAtNode(
              `kubectl -n foreshock describe pods -l ${podOnNode}`,
              '`systemctl status foreshock` or `docker ps -a --filter name=foreshock` on the host, if it is on',
            )}. Where it runs, Prometheus cannot reach it.`,
          dashboard: 'foreshock-fleet',
          symptom: 'node_silent',
        },
        {
          name: 'ForeshockClusterRoleDown',
          severity: 'warning',
          expr: promql`
            ${inLastDay(CLUSTER_ROLE)}
            unless on (${cluster})
            ${CLUSTER_ROLE}`,
          for: '10m',
          lead: 'None: without it a late heartbeat is not noticed before the node is given up.',
          summary: 'The cluster role of Foreshock, which hears of nodes that freeze, does not answer.',
          description:
            `\`foreshock cluster\`${texts.ofCluster} has not answered for ten minutes: late heartbeats, conditions that flap, failed ` +
            'image GC and pulls that wait are not seen. Next: `kubectl -n foreshock describe pods -l app.kubernetes.io/component=cluster`, ' +
            'then `kubectl -n foreshock logs deploy/foreshock-cluster --previous`.',
          dashboard: 'foreshock-fleet',
        },
        {
          name: 'ForeshockCollectorFailing',
          severity: 'warning',
          expr: promql`
            ${ofBoth((matchers) => promql`${timeouts}${matchers} and ${success}${matchers} == 0`)}`,
          for: '15m',
          lead: 'None: it is about what the other alerts cannot see. Where a disk hangs, it is one more sign of that.',
          summary: 'A collector of Foreshock fails, so that its metrics are old or incomplete.',
          description:
            `${collector} has failed for 15 min, so that what it shows is old or incomplete. ` +
            '{{ if $value }}It got stuck {{ $value }} time{{ if ne $value 1.0 }}s{{ end }} since Foreshock started: ' +
            'what it reads does not answer. {{ end }}' +
            `Next: ${log} names the fault.`,
          dashboard: 'foreshock-fleet',
        },
        {
          name: 'ForeshockCollectorStale',
          severity: 'warning',
          expr: promql`
            ${ofBoth(
              (matchers) =>
                promql`time() - ${lastSuccess}${matchers} > ${thresholds.stale_seconds} and ${success}${matchers} == 1`,
            )}`,
          for: '5m',
          lead: 'None: it is about what the other alerts cannot see.',
          summary: 'The values of a collector of Foreshock are old, although it reports no failure.',
          description:
            `${collector} last read something {{ $value | humanizeDuration }} ago and reports no failure: it is not run any more, ` +
            "or the host's clock is off by as much. " +
            `Next: \`date -u\` on the host, then ${log}.`,
          dashboard: 'foreshock-fleet',
        },
        {
          name: 'ForeshockNodeLabelMissing',
          severity: 'warning',
          expr: promql`${NODE_ROLE}{node=""}`,
          for: '15m',
          lead: 'None: it is about alerts that cannot name their node.',
          summary: 'A target of Foreshock does not say which node it is.',
          description:
            `{{ with $labels.instance }}Target {{ . }}{{ else }}A target{{ end }}${texts.ofCluster} has no label that names its node: alerts cannot name it, ` +
            'and all such hosts look like one. Next: in the scrape configuration, relabel `__meta_kubernetes_pod_node_name` to ' +
            '`node`, or give static targets that label; if it is called otherwise, name it in `labels.node` of the settings.',
          dashboard: 'foreshock-fleet',
        },
      ],
    };
  },
});

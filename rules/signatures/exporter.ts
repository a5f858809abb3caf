import { watchers } from '../../exporter/cluster/watchers/index.ts';
import * as collectorMetrics from '../../exporter/exposition/collector-metrics.ts';
import * as containers from '../../exporter/node/collectors/containers.ts';
import { duration, type PrometheusDuration } from '../format.ts';
import { command, ofAlert, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { KUBELET_NODE } from '../series/node-identity.ts';
import { defineSignature } from '../signature.ts';

/**
 * 1 for every host whose node role reports. By its collectors, because `up` may be that of the cluster role where a pod's
 * target is named after its node, and does not exist where node_exporter's textfile collector exports the metrics.
 */
export const NODE_ROLE = 'node_instance:foreshock_node_role:info';

/** 1 for every cluster whose cluster role reports. */
export const CLUSTER_ROLE = 'cluster:foreshock_cluster_role:info';

/** Whether any target of Foreshock answers, by node; that of the cluster role may have no node. */
export const EXPORTER_UP = 'node:foreshock_up:max';

/** 1 for every node that the API server knows. */
export const KUBERNETES_NODE = 'node:foreshock_kubernetes_node:info';

/** How long a role is silent, and a collector fails, until an alert fires. */
const DOWN_FOR: PrometheusDuration = '10m';
const FAILING_FOR: PrometheusDuration = '15m';
/** As long as that, so that one of both is not sent before the other mutes it. */
const BLIND_FOR = FAILING_FOR;

const OF_CLUSTER_ROLE = watchers.map(({ name }) => name).join('|');

export const exporter = defineSignature({
  id: 'exporter',
  title: 'Foreshock itself is down or its data is stale',
  story: 'Not from a story: a node whose exporter is silent looks like a healthy one.',
  thresholds: {
    stale_seconds: {
      default: 900,
      unit: 'seconds',
      help:
        'Age of the last success of a collector that reports no failure, or how far it is in the future; must exceed the longest interval that you set with ' +
        '--collector.<name>.schedule. Healthy: 15 to 90 s.',
    },
  },

  rules({ cluster, targetNode, perNode, nodeLabels, selectors, texts, thresholds }) {
    const { lastSuccess, success, timeouts, unmeasured } = collectorMetrics;
    const ofNodes = `{collector!~"${OF_CLUSTER_ROLE}"}`;
    const ofCluster = `{collector=~"${OF_CLUSTER_ROLE}"}`;
    // The cluster role's metrics about itself do not belong to the node that it happens to run on.
    const ofBoth = (expr: (matchers: string) => string) => promql`
      ${perNode(expr(ofNodes), 'collector')}
      or
      max by (${cluster}, collector) (${expr(ofCluster)})`;
    const inLastDay = (record: string) => `max_over_time(${record}[1d:5m])`;
    const lookAtNode = (kubernetes: string, host: string) =>
      texts.lookup((node) => inLastDay(`${KUBERNETES_NODE}{${node}}`), kubernetes, host);
    const node = ofAlert('node');
    const instance = ofAlert('instance');
    const byRole = (ofClusterRole: string, ofNode: string) =>
      `{{ if match "^(${OF_CLUSTER_ROLE})$" ${ofAlert('collector').field} }}${ofClusterRole}{{ else }}${ofNode}{{ end }}`;
    const collector = `Collector ${shown(ofAlert('collector'))} of ${byRole(`the cluster role${texts.ofCluster}`, texts.node)}`;
    const logOfNode = lookAtNode(
      command`kubectl -n foreshock logs --tail=50 $(kubectl -n foreshock get pods -l app.kubernetes.io/component=node --field-selector spec.nodeName=${node} -o name)`,
      '`journalctl -u foreshock -n 50` or `docker logs --tail=50 foreshock` on the host',
    );
    const log = byRole('`kubectl -n foreshock logs --tail=50 deploy/foreshock-cluster`', logOfNode);
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
          // A target that was removed has no `up`: Kubernetes knows its nodes, other hosts are known by their past series.
          // Those of a Kubernetes node do not count, because autoscalers remove nodes all day. Cordoned nodes are under
          // maintenance, and Windows is not supported.
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
          for: DOWN_FOR,
          lead: 'None: meanwhile no alert sees problems of the node. A node that reboots is back before it fires.',
          summary: "Foreshock's node exporter is down on a node.",
          description:
            `\`foreshock node\` of ${texts.node} has not answered for ${duration(DOWN_FOR)}: problems there show in no alert and on no dashboard. ` +
            `Next: ${lookAtNode(
              command`kubectl -n foreshock describe pods -l app.kubernetes.io/component=node --field-selector spec.nodeName=${node}`,
              '`systemctl status foreshock` or `docker ps -a --filter name=foreshock` on the host',
            )}; if it runs there, Prometheus cannot reach it.`,
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
          for: DOWN_FOR,
          lead: 'None: without it a late heartbeat goes unnoticed until the node turns Unknown.',
          summary: "Foreshock's cluster exporter, which watches heartbeats, is down.",
          description:
            `\`foreshock cluster\`${texts.ofCluster} has not answered for ${duration(DOWN_FOR)}: late heartbeats, flapping conditions, ` +
            'failed image GC and waiting pulls go unnoticed. Next: `kubectl -n foreshock describe pods -l app.kubernetes.io/component=cluster`, ' +
            'then `kubectl -n foreshock logs deploy/foreshock-cluster --previous`.',
          dashboard: 'foreshock-fleet',
        },
        {
          name: 'ForeshockBlind',
          severity: 'warning',
          // Of a collector that fails, ForeshockCollectorFailing tells. Layers are not found of containers of containerd that
          // exited before the exporter started, as there are on most nodes.
          expr: promql`
            ${perNode(promql`${containers.hostVisible}`, 'path')} == 0
            or
            max by (${nodeLabels}, reason) (
              ${perNode(promql`${unmeasured}{reason!="layer_not_found"}`, 'collector', 'reason')} > 0
              unless on (${nodeLabels}, collector)
              ${perNode(promql`${success}`, 'collector')} == 0
            )`,
          for: BLIND_FOR,
          lead: 'None: meanwhile alerts miss what happens there.',
          summary: 'Foreshock does not see a host, or some of its containers.',
          description:
            `{{ if ${ofAlert('path').field} }}Below ${command`--path.${ofAlert('path')}`}, Foreshock on ${texts.node} has seen no host for ${duration(BLIND_FOR)}: ` +
            'its metrics are old or missing, and problems there show in no alert' +
            `{{ else }}{{ $value }} container{{ if ne $value 1.0 }}s{{ end }} of ${texts.node} could not be measured for ${duration(BLIND_FOR)} ` +
            `(reason: ${shown(ofAlert('reason'))}): what they write shows in no alert{{ end }}. ` +
            `Next: ${logOfNode} shows why, and the runbook says what each reason means.`,
          dashboard: 'foreshock-fleet',
          explains: ['collectors_fail'],
          explainsOnlyWith: 'path',
        },
        {
          name: 'ForeshockCollectorFailing',
          severity: 'warning',
          expr: promql`
            ${ofBoth((matchers) => promql`${timeouts}${matchers} and ${success}${matchers} == 0`)}`,
          for: FAILING_FOR,
          lead: 'None: meanwhile alerts on its metrics may miss problems. Where a disk hangs, it is one more sign of it.',
          summary: 'A collector of Foreshock fails, so its metrics are old or incomplete.',
          description:
            `${collector} has failed for ${duration(FAILING_FOR)}, so its metrics are old or incomplete. ` +
            `{{ if $value }}It has timed out ${texts.times} since Foreshock started: a file or socket that it reads does not ` +
            `respond. {{ end }}Next: ${log} shows the error.`,
          dashboard: 'foreshock-fleet',
          symptom: 'collectors_fail',
        },
        {
          name: 'ForeshockCollectorStale',
          severity: 'warning',
          expr: promql`
            ${ofBoth((matchers) => {
              const age = promql`time() - ${lastSuccess}${matchers}`;
              const stale = thresholds.stale_seconds;
              return promql`(${age} > ${stale} or ${age} < -${stale}) and ${success}${matchers} == 1`;
            })}`,
          for: '5m',
          lead: 'None: meanwhile alerts on its metrics may miss problems.',
          summary: 'The metrics of a collector of Foreshock are old, although it reports no failure.',
          description:
            `${collector} reports no failure, but {{ if lt $value 0.0 }}its last success lies ` +
            '{{ reReplaceAll "^-" "" (humanizeDuration $value) }} in the future: the clock of the host is ahead by as much, ' +
            'or it was and the collector no longer runs{{ else }}last succeeded {{ humanizeDuration $value }} ago: it no ' +
            'longer runs, or the clock of the host is wrong by as much{{ end }}. ' +
            `Next: \`date -u\` on the host, then ${log}.`,
          dashboard: 'foreshock-fleet',
        },
        {
          name: 'ForeshockNodeLabelMissing',
          severity: 'warning',
          expr: promql`${NODE_ROLE}{node=""}`,
          for: '15m',
          lead: 'None: alerts fire as usual but cannot name their node.',
          summary: 'A target of Foreshock has no node label.',
          description:
            `{{ if ${instance.field} }}Target ${shown(instance)}{{ else }}A target{{ end }}${texts.ofCluster} has no label \`${targetNode}\`: alerts ` +
            'cannot name the node, and all such hosts count as one. Next: in the scrape configuration, relabel ' +
            `\`__meta_kubernetes_pod_node_name\` to \`${targetNode}\`, or add the label to static targets; if your label has another name, set ` +
            '`labels.node` in the settings of the rules.',
          dashboard: 'foreshock-fleet',
        },
      ],
    };
  },
});

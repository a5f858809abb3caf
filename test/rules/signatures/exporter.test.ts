import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../../programs.ts';
import { testAlerts } from '../alert-cases.ts';
import { runPromtool } from '../promtool.ts';

const NODE_ROLE =
  'foreshock_collector_success{cluster="eu",job="foreshock",instance="10.0.0.7:10777",node="node-a",collector="pids"}';
const UP = 'up{cluster="eu",job="foreshock",instance="10.0.0.7:10777",node="node-a"}';
const NODE_INFO = 'kube_node_info{cluster="eu",job="kube-state-metrics",node="node-a"}';
const UNSCHEDULABLE = 'kube_node_spec_unschedulable{cluster="eu",job="kube-state-metrics",node="node-a"}';
/** The pod of the cluster role may carry the name of the node that it runs on. */
const CLUSTER_ROLE = (collector: string) =>
  `foreshock_collector_success{cluster="eu",job="foreshock",instance="10.0.9.9:10777",node="node-z",collector="${collector}"}`;

const FIRING = 'ALERTS{alertname="ForeshockExporterDown",alertstate="firing",node="node-a"}';

const OF_NODE = 'cluster="eu",job="foreshock",instance="10.0.0.7:10777",node="node-a"';
const VISIBLE = (path: string) => `foreshock_host_visible{${OF_NODE},path="${path}"}`;
const SUCCESS = (collector: string) => `foreshock_collector_success{${OF_NODE},collector="${collector}"}`;
const UNMEASURED = (collector: string, reason: string) =>
  `foreshock_containers_unmeasured{${OF_NODE},collector="${collector}",reason="${reason}"}`;
const LOG_OF_POD =
  '`kubectl -n foreshock logs --tail=50 $(kubectl -n foreshock get pods -l app.kubernetes.io/component=node ' +
  '--field-selector spec.nodeName=node-a -o name)`';

/** The metrics about a collector, as series of these values. */
function selfOf(key: string, values: { success: string; lastSuccess?: string; timeouts: string }) {
  const of = (metric: string) => key.replace('foreshock_collector_success', metric);
  return {
    [key]: values.success,
    [of('foreshock_collector_timeouts_total')]: values.timeouts,
    ...(values.lastSuccess && { [of('foreshock_collector_last_success_timestamp_seconds')]: values.lastSuccess }),
  };
}

testAlerts('exporter', {
  ForeshockExporterDown: [
    {
      series: { [NODE_INFO]: '1x40', [NODE_ROLE]: '1x5 stale _x14 1x20' },
      firesAt: 16,
      resolvedAt: 21,
      labels: { node: 'node-a' },
      description:
        '`foreshock node` of node-a of cluster eu has not answered for 10 min: problems there show in no alert ' +
        'and on no dashboard. Next: `kubectl -n foreshock describe pods -l app.kubernetes.io/component=node ' +
        '--field-selector spec.nodeName=node-a`; if it runs there, Prometheus cannot reach it.',
    },
    {
      series: { [UP]: '1x5 0x14 1x20', [NODE_ROLE]: '1x5 stale _x14 1x20' },
      firesAt: 16,
      resolvedAt: 21,
      labels: { node: 'node-a' },
      description:
        '`foreshock node` of node-a of cluster eu has not answered for 10 min: problems there show in no alert ' +
        'and on no dashboard. Next: `systemctl status foreshock` or `docker ps -a --filter name=foreshock` on ' +
        'the host; if it runs there, Prometheus cannot reach it.',
    },
  ],
  ForeshockClusterRoleDown: {
    series: { [CLUSTER_ROLE('heartbeats')]: '1x5 stale _x14 1x20', [NODE_ROLE]: '1x40' },
    firesAt: 16,
    resolvedAt: 21,
    labels: {},
    description:
      '`foreshock cluster` of cluster eu has not answered for 10 min: late heartbeats, flapping conditions, ' +
      'failed image GC and waiting pulls go unnoticed. Next: `kubectl -n foreshock describe pods -l ' +
      'app.kubernetes.io/component=cluster`, then `kubectl -n foreshock logs deploy/foreshock-cluster ' +
      '--previous`.',
  },
  ForeshockBlind: [
    {
      series: {
        [NODE_INFO]: '1x60',
        [VISIBLE('rootfs')]: '1x5 0x24 1x30',
        [VISIBLE('procfs')]: '1x60',
        // Counted beside, of a collector that fails.
        [UNMEASURED('container_logs', 'host_not_visible')]: '0x5 7x24 0x30',
        [SUCCESS('container_logs')]: '1x5 0x24 1x30',
      },
      firesAt: 21,
      resolvedAt: 31,
      labels: { node: 'node-a', path: 'rootfs', explains_collectors_fail: 'true' },
      description:
        'Below `--path.rootfs`, Foreshock on node-a of cluster eu has seen no host for 15 min: its metrics are old or ' +
        `missing, and problems there show in no alert. Next: ${LOG_OF_POD} shows why, and the runbook says what each ` +
        'reason means.',
    },
    {
      series: {
        [VISIBLE('rootfs')]: '1x60',
        [UNMEASURED('containers', 'unidentified')]: '0x5 3x24 0x30',
        [UNMEASURED('container_logs', 'unidentified')]: '0x5 3x24 0x30',
        [UNMEASURED('container_logs', 'log_unreadable')]: '0x5 9x24 0x30',
        [UNMEASURED('writable_layers', 'not_scanned')]: '0x5 4x10 0x45',
        // Exited containers, as there are on most nodes.
        [UNMEASURED('writable_layers', 'layer_not_found')]: '5x60',
        [SUCCESS('containers')]: '1x60',
        [SUCCESS('container_logs')]: '1x5 0x24 1x30',
        [SUCCESS('writable_layers')]: '1x60',
      },
      firesAt: 21,
      resolvedAt: 31,
      labels: { node: 'node-a', reason: 'unidentified' },
      description:
        '3 containers of node-a of cluster eu could not be measured for 15 min (reason: unidentified): what they write ' +
        'shows in no alert. Next: `journalctl -u foreshock -n 50` or `docker logs --tail=50 foreshock` on the host shows ' +
        'why, and the runbook says what each reason means.',
    },
  ],
  ForeshockCollectorFailing: [
    {
      series: {
        [NODE_INFO]: '1x60',
        ...selfOf(NODE_ROLE, { success: '1x5 0x24 1x30', timeouts: '0x5 1x54' }),
      },
      firesAt: 21,
      resolvedAt: 31,
      labels: { node: 'node-a', collector: 'pids' },
      description:
        'Collector pids of node-a of cluster eu has failed for 15 min, so its metrics are old or incomplete. It ' +
        'has timed out 1 time since Foreshock started: a file or socket that it reads does not respond. Next: ' +
        '`kubectl -n foreshock logs --tail=50 $(kubectl -n foreshock get pods -l ' +
        'app.kubernetes.io/component=node --field-selector spec.nodeName=node-a -o name)` shows the error.',
    },
    {
      series: selfOf(CLUSTER_ROLE('pulls'), { success: '1x5 0x24 1x30', timeouts: '0x60' }),
      firesAt: 21,
      resolvedAt: 31,
      labels: { collector: 'pulls' },
      description:
        'Collector pulls of the cluster role of cluster eu has failed for 15 min, so its metrics are old or ' +
        'incomplete. Next: `kubectl -n foreshock logs --tail=50 deploy/foreshock-cluster` shows the error.',
    },
  ],
  ForeshockCollectorStale: [
    {
      series: selfOf(NODE_ROLE, { success: '1x60', lastSuccess: '0+60x5 300x34 2400+60x20', timeouts: '0x60' }),
      firesAt: 26,
      resolvedAt: 41,
      labels: { node: 'node-a', collector: 'pids' },
      description:
        'Collector pids of node-a of cluster eu reports no failure, but last succeeded 21m 0s ago: it no longer ' +
        'runs, or the clock of the host is wrong by as much. Next: `date -u` on the host, then `journalctl -u ' +
        'foreshock -n 50` or `docker logs --tail=50 foreshock` on the host.',
    },
    {
      series: selfOf(NODE_ROLE, { success: '1x60', lastSuccess: '0+60x5 3900+60x19 1500+60x20', timeouts: '0x60' }),
      firesAt: 11,
      resolvedAt: 26,
      labels: { node: 'node-a', collector: 'pids' },
      description:
        'Collector pids of node-a of cluster eu reports no failure, but its last success lies 59m 0s in the future: the ' +
        'clock of the host is ahead by as much, or it was and the collector no longer runs. Next: `date -u` on the ' +
        'host, then `journalctl -u foreshock -n 50` or `docker logs --tail=50 foreshock` on the host.',
    },
  ],
  ForeshockNodeLabelMissing: {
    series: { [NODE_ROLE.replace('node="node-a",', '')]: '1x30 stale' },
    firesAt: 15,
    resolvedAt: 31,
    labels: { instance: '10.0.0.7:10777' },
    description:
      'Target 10.0.0.7:10777 of cluster eu has no label `node`: alerts cannot name the node, and all such ' +
      'hosts count as one. Next: in the scrape configuration, relabel `__meta_kubernetes_pod_node_name` to ' +
      '`node`, or add the label to static targets; if your label has another name, set `labels.node` in the ' +
      'settings of the rules.',
  },
});

/** Situations in which the alert must not fire within the first hour. */
const SILENT: Record<string, Record<string, string>> = {
  'a node that answers': { [NODE_INFO]: '1x60', [NODE_ROLE]: '1x60', [UP]: '1x60' },
  'no nodes': { [CLUSTER_ROLE('heartbeats')]: '1x60' },
  'a reboot of 3 minutes': { [NODE_INFO]: '1x60', [NODE_ROLE]: '1x5 stale _x2 1x50', [UP]: '1x5 0x2 1x50' },
  'a cordoned node that is upgraded for 40 minutes': {
    [NODE_INFO]: '1x60',
    [UNSCHEDULABLE]: '0x3 1x50',
    [NODE_ROLE]: '1x5 stale _x40 1x12',
    [UP]: '1x5 0x40 1x12',
  },
  'a node of Kubernetes that an autoscaler removed': {
    [NODE_INFO]: '1x5 stale',
    [NODE_ROLE]: '1x5 stale',
    [UP]: '1x5 stale',
  },
  'a node of Windows': { [NODE_INFO.replace('{', '{os_image="Windows Server 2022 Datacenter",')]: '1x60' },
};

test('ForeshockExporterDown does not fire when nothing is wrong', { skip: missing(['promtool']) }, (t) => {
  const tests = Object.entries(SILENT).map(([name, series]) => ({
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: [{ expr: `max_over_time(${FIRING}[1h])`, eval_time: '60m', exp_samples: [] }],
  }));
  const { ok, output } = runPromtool(t, tests);
  assert.ok(ok, output);
});

test('ForeshockExporterDown: a host taken from the scrape configuration is forgotten after a day, one that is off is not', {
  skip: missing(['promtool']),
}, (t) => {
  const firing = (eval_time: string, value?: number) => ({
    expr: `count(${FIRING})`,
    eval_time,
    exp_samples: value === undefined ? [] : [{ labels: '{}', value }],
  });
  const tests = [
    {
      name: 'taken away after an hour',
      interval: '5m',
      input_series: [UP, NODE_ROLE].map((series) => ({ series, values: '1x12 stale' })),
      promql_expr_test: [firing('60m'), firing('2h', 1), firing('24h', 1), firing('25h10m')],
    },
    {
      name: 'still there, and off for two days',
      interval: '5m',
      input_series: [
        { series: UP, values: '1x12 0x600' },
        { series: NODE_ROLE, values: '1x12 stale' },
      ],
      promql_expr_test: [firing('50h', 1)],
    },
  ];
  const { ok, output } = runPromtool(t, tests, { interval: '5m' });
  assert.ok(ok, output);
});

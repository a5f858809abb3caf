import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../../programs.ts';
import { runPromtool } from '../promtool.ts';

const host = (instance: string, nodename: string, more = '') =>
  `node_uname_info{cluster="eu",job="node-exporter",instance="${instance}",nodename="${nodename}"${more}}`;
const node = (name: string, address: string, replica = 'a') =>
  `kube_node_info{cluster="eu",job="kube-state-metrics",node="${name}",internal_ip="${address}",instance="${replica}"}`;
const kubelet = (instance: string, name: string, service = 'kubelet') =>
  `kubelet_node_name{cluster="eu",job="kubelet",instance="${instance}",node="${name}",service="${service}"}`;

/** Series at a time, with their values where they do not stay; and the node of each instance, any one of several. */
const CASES: Record<
  string,
  { series: readonly (string | [string, string])[]; nodes: Record<string, string | undefined> }
> = {
  'an instance that is the name of the node, which is its address': {
    series: [
      host('10.0.107.39', 'oke-abc-0'),
      node('10.0.107.39', '10.0.107.39'),
      kubelet('10.0.107.39:10250', '10.0.107.39'),
    ],
    nodes: { '10.0.107.39': '10.0.107.39', '10.0.107.39:10250': '10.0.107.39' },
  },
  'an instance that is the name of the node, by --hostname-override': {
    series: [host('worker-7', 'ip-10-1-2-3'), node('worker-7', '10.1.2.3'), node('worker-7', '10.1.2.3', 'b')],
    nodes: { 'worker-7': 'worker-7' },
  },
  'a host that is called like another node': {
    series: [host('worker-7', 'worker-8'), node('worker-7', '10.1.2.3'), node('worker-8', '10.1.2.4')],
    nodes: { 'worker-7': 'worker-7' },
  },
  'the label of the target is the best': {
    series: [host('worker-7', 'x', ',node="worker-9"'), node('worker-7', '10.1.2.3')],
    nodes: { 'worker-7': 'worker-9' },
  },
  'the address that the API server has, with a port and without': {
    series: [
      host('10.1.2.3:9100', 'ip-10-1-2-3'),
      host('10.1.2.4', 'ip-10-1-2-4'),
      host('[fd00::5]:9100', 'ip-5'),
      node('worker-3', '10.1.2.3'),
      node('worker-4', '10.1.2.4'),
      node('worker-5', 'fd00::5'),
    ],
    nodes: { '10.1.2.3:9100': 'worker-3', '10.1.2.4': 'worker-4', '[fd00::5]:9100': 'worker-5' },
  },
  'the name of the host, where nothing else is known': {
    series: [host('worker-7:9100', 'worker-7')],
    nodes: { 'worker-7:9100': 'worker-7' },
  },
  'two Services for the kubelet, and an address that a new node has taken over': {
    series: [
      kubelet('192.168.1.2:10250', 'a'),
      kubelet('192.168.1.2:10250', 'a', 'prometheus-operator-kube-p-kubelet'),
      [kubelet('192.168.1.3:10250', 'old'), '1x2'],
      [kubelet('192.168.1.3:10250', 'new'), '_x2 1x8'],
    ],
    nodes: { '192.168.1.2:10250': 'a', '192.168.1.3:10250': undefined },
  },
};

test('the node of an instance of node_exporter and of the kubelet', { skip: missing(['promtool']) }, (t) => {
  const tests = Object.entries(CASES).map(([name, { series, nodes }]) => ({
    name,
    interval: '1m',
    input_series: series
      .map((one) => (typeof one === 'string' ? [one, '1x10'] : one))
      .map(([key = '', values = '']) => ({ series: key, values })),
    promql_expr_test: [
      {
        expr: 'count by (instance) (instance_node:foreshock_target:info)',
        eval_time: '4m',
        exp_samples: Object.keys(nodes).map((instance) => ({ labels: `{instance="${instance}"}`, value: 1 })),
      },
      ...Object.entries(nodes)
        .filter(([, expected]) => expected !== undefined)
        .map(([instance, expected]) => ({
          expr: `count by (node) (instance_node:foreshock_target:info{instance="${instance}"})`,
          eval_time: '4m',
          exp_samples: [{ labels: `{node="${expected}"}`, value: 1 }],
        })),
    ],
  }));
  const { ok, output } = runPromtool(t, tests, { signature: 'heartbeat' });
  assert.ok(ok, output);
});

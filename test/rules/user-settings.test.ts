import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packFiles, ruleFile } from '../../rules/render/files.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { settingsOf } from '../../rules/settings-file.ts';
import { missing } from '../programs.ts';
import { checkRules, runPromtool } from './promtool.ts';

const settings = settingsOf({
  labels: { cluster: 'env', node: 'kubernetes_node' },
  selectors: { foreshock: 'job="host"', node_exporter: 'job=~"node|metal"', kubelet: 'job="k",env!="lab"' },
  thresholds: { 'log-storm': { log_bytes_per_second: 1000 } },
  severities: { ForeshockContainerLogRateHigh: 'info' },
  disabled: ['ForeshockContainerLogUnbounded'],
  runbook_url: 'https://wiki.example.com/{alert}',
  dashboard_url: 'https://grafana.example.com/d/{dashboard}?orgId=2',
});
const skip = missing(['promtool']);

test('rules with other labels and selectors are valid', { skip }, (t) => {
  const files = [...packFiles(settings)].filter(([path]) => path.startsWith('prometheus/'));
  const { ok, output } = checkRules(t, [...files, ['all.yaml', ruleFile(settings)]]);
  assert.ok(ok, output);
});

test('a disabled alert is left out', () => {
  assert.doesNotMatch(ruleFile(settings), /alert: ForeshockContainerLogUnbounded/);
  assert.match(ruleFile(DEFAULT_SETTINGS), /alert: ForeshockContainerLogUnbounded/);
});

test('links have the URLs and labels of the user', () => {
  assert.match(ruleFile(settings), /runbook_url: https:\/\/wiki\.example\.com\/ForeshockNodeDiskStall$/m);
  assert.match(
    ruleFile(settings),
    /https:\/\/grafana\.example\.com\/d\/foreshock-node\?orgId=2&var-cluster=\{\{ \$labels\.env \| urlquery \}\}&var-node=/,
  );
});

test('alerts fire for targets with another node label', { skip }, (t) => {
  const container = 'env="eu",namespace="shop",pod="web",container="app"';
  const target = 'env="eu",job="metal",instance="10.0.0.7:9100"';
  const { ok, output } = runPromtool(
    t,
    [
      {
        name: 'labels of the user',
        interval: '1m',
        input_series: [
          // The cluster role runs on node-c and reports about node-a.
          {
            series: 'foreshock_kubelet_status_patch_lag_seconds{env="eu",node="node-a",kubernetes_node="node-c"}',
            values: '60x20',
          },
          {
            series: `foreshock_container_log_written_bytes_total{${container},kubernetes_node="node-a"}`,
            values: '0+120000x20',
          },
          { series: `node_uname_info{${target},kubernetes_node="node-a",nodename="other"}`, values: '1x20' },
          { series: 'node_uname_info{env="eu",job="node",instance="b:9100",nodename="node-b"}', values: '1x20' },
        ],
        promql_expr_test: [
          {
            expr: 'count by (env, node, pod, severity) (ALERTS{alertname="ForeshockContainerLogRateHigh",alertstate="firing"})',
            eval_time: '15m',
            exp_samples: [{ labels: '{env="eu",node="node-a",pod="web",severity="info"}', value: 1 }],
          },
          {
            expr: 'instance_node:foreshock_target:info',
            eval_time: '15m',
            exp_samples: [
              {
                labels: 'instance_node:foreshock_target:info{env="eu",instance="10.0.0.7:9100",node="node-a"}',
                value: 1,
              },
              { labels: 'instance_node:foreshock_target:info{env="eu",instance="b:9100",node="node-b"}', value: 1 },
            ],
          },
          {
            expr: 'count by (env, node) (ALERTS{alertname="ForeshockStatusPatchLate"})',
            eval_time: '15m',
            exp_samples: [{ labels: '{env="eu",node="node-a"}', value: 1 }],
          },
        ],
      },
    ],
    { settings },
  );
  assert.ok(ok, output);
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { load } from 'js-yaml';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { until } from '../exporter-process.ts';
import { PROJECT } from '../paths.ts';
import { missing } from '../programs.ts';
import { prometheusIn } from '../real/prometheus-server.ts';
import type { Labels } from './alertmanager/pack.ts';
import { startRecorder } from './alertmanager/recorder.ts';

interface Job {
  readonly job_name: string;
  readonly honor_labels?: boolean;
  readonly kubernetes_sd_configs?: readonly { readonly role: string }[];
  readonly [key: string]: unknown;
}

interface Example {
  readonly scrape_configs: readonly Job[];
  readonly alerting: { readonly alert_relabel_configs: readonly object[] };
  readonly [key: string]: unknown;
}

const example = load(readFileSync(join(PROJECT, 'rules/scrape.example.yaml'), 'utf8')) as Example;

const pod = (labels: Labels) => ({
  __meta_kubernetes_pod_node_name: 'node-a',
  __meta_kubernetes_pod_phase: 'Running',
  ...labels,
});
const FORESHOCK = {
  __meta_kubernetes_pod_label_app_kubernetes_io_name: 'foreshock',
  __meta_kubernetes_pod_container_port_name: 'metrics',
};

/** Targets by job, address and labels, as service discovery finds them in Kubernetes and files. */
const DISCOVERED: Record<string, Record<string, Labels>> = {
  foreshock: {
    '10.0.0.1:10777': pod({ ...FORESHOCK, __meta_kubernetes_pod_label_app_kubernetes_io_component: 'node' }),
    '10.0.0.2:10777': pod({ ...FORESHOCK, __meta_kubernetes_pod_label_app_kubernetes_io_component: 'cluster' }),
    '10.0.0.3:10777': pod({ ...FORESHOCK, __meta_kubernetes_pod_phase: 'Succeeded' }),
    '10.0.0.4:80': pod({ __meta_kubernetes_pod_label_app_kubernetes_io_name: 'web' }),
  },
  'node-exporter': {
    '10.0.0.1:9100': pod({
      __meta_kubernetes_pod_label_app_kubernetes_io_name: 'prometheus-node-exporter',
      __meta_kubernetes_pod_container_port_number: '9100',
    }),
    '10.0.0.4:9100': pod({ __meta_kubernetes_pod_label_app_kubernetes_io_name: 'web' }),
  },
  kubelet: { '10.0.0.1:10250': { __meta_kubernetes_node_name: 'node-a', instance: 'node-a' } },
  'kubelet-cadvisor': { '10.0.0.1:10250': { __meta_kubernetes_node_name: 'node-a', instance: 'node-a' } },
  'kube-state-metrics': {
    '10.0.0.5:8080': {
      __meta_kubernetes_service_label_app_kubernetes_io_name: 'kube-state-metrics',
      __meta_kubernetes_endpoint_port_name: 'http',
    },
    '10.0.0.5:8081': {
      __meta_kubernetes_service_label_app_kubernetes_io_name: 'kube-state-metrics',
      __meta_kubernetes_endpoint_port_name: 'telemetry',
    },
  },
  'node-exporter-hosts': { 'docker-1.example.com:9100': {}, '10.0.0.6:9100': { node: 'docker-2' } },
};

/** The labels that the targets get, by address and path. */
const LABELLED: Record<string, Labels> = {
  '10.0.0.1:10777/metrics': { job: 'foreshock', node: 'node-a' },
  '10.0.0.2:10777/metrics': { job: 'foreshock' },
  '10.0.0.1:9100/metrics': { job: 'node-exporter', node: 'node-a' },
  '10.0.0.1:10250/metrics': { job: 'kubelet', node: 'node-a', metrics_path: '/metrics', instance: 'node-a' },
  '10.0.0.1:10250/metrics/cadvisor': {
    job: 'kubelet',
    node: 'node-a',
    metrics_path: '/metrics/cadvisor',
    instance: 'node-a',
  },
  '10.0.0.5:8080/metrics': { job: 'kube-state-metrics' },
  'docker-1.example.com:10777/metrics': { job: 'foreshock', node: 'docker-1' },
  'docker-2.example.com:10777/metrics': { job: 'foreshock', node: 'docker-2' },
  'docker-1.example.com:9100/metrics': { job: 'node-exporter', node: 'docker-1' },
  '10.0.0.6:9100/metrics': { job: 'node-exporter', node: 'docker-2' },
};

test('the scrape example loads, and gives targets the labels that the rules need', {
  skip: missing(['prometheus']),
}, async (t) => {
  const directory = temporary(t);
  const prometheus = await prometheusIn(directory, { scrape_configs: example.scrape_configs.map(discovered) });
  t.after(() => prometheus.stop());
  interface Target {
    readonly scrapeUrl: string;
    readonly labels: Labels;
  }
  const targets = async () => (await prometheus.api<{ activeTargets: Target[] }>('targets')).activeTargets;
  const active = await until(targets, (found) => found.length >= Object.keys(LABELLED).length, 30);
  const labelled = active.map(({ scrapeUrl, labels }) => {
    const { host, pathname } = new URL(scrapeUrl);
    const { instance, ...rest } = labels;
    return [`${host}${pathname}`, instance === host ? rest : labels] as const;
  });
  assert.deepEqual(Object.fromEntries(labelled), LABELLED);
});

test('jobs are named as the selectors say, and keep the labels of metrics that name containers', () => {
  const named = new Set(Object.values(LABELLED).map(({ job }) => `job="${job}"`));
  assert.deepEqual([...named].sort(), Object.values(DEFAULT_SETTINGS.selectors).sort());
  const honoring = example.scrape_configs.filter(({ honor_labels }) => honor_labels).map(({ job_name }) => job_name);
  assert.deepEqual(honoring, ['foreshock', 'kubelet', 'kubelet-cadvisor', 'kube-state-metrics', 'foreshock-hosts']);
});

test('alerts get the node that their instance names', { skip: missing(['prometheus']) }, async (t) => {
  // Prometheus sends alerts to it as to an Alertmanager.
  const recorder = await startRecorder(t);
  // It discovers Alertmanagers 5 s after the start; alerts that fire before are sent a minute later.
  const expr = `vector(time()) > ${Date.now() / 1000 + 10}`;
  const alert = (name: string, labels: Labels) => ({ alert: name, expr, labels });
  const rules = [
    alert('Named', { job: 'node-exporter', instance: 'node-a' }),
    alert('Address', { job: 'node-exporter', instance: '10.0.0.1:9100' }),
    alert('Other', { job: 'web', instance: 'node-a' }),
    alert('Labelled', { job: 'kubelet', instance: 'node-a', node: 'node-b' }),
  ];
  const directory = temporary(t);
  writeFileSync(join(directory, 'rules.yaml'), JSON.stringify({ groups: [{ name: 'g', rules }] }));
  const { alert_relabel_configs } = example.alerting;
  const alertmanagers = [{ static_configs: [{ targets: [new URL(recorder.url).host] }] }];
  const prometheus = await prometheusIn(directory, {
    global: { evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    alerting: { alertmanagers, alert_relabel_configs },
  });
  t.after(() => prometheus.stop());
  const nodes = async () => {
    const posted = recorder.notifications.flatMap(({ body }) => body as unknown as { labels: Labels }[]);
    return Object.fromEntries(posted.map(({ labels }) => [labels.alertname, labels.node]));
  };
  const all = await until(nodes, (found) => rules.every(({ alert }) => alert in found), 30);
  assert.deepEqual(all, { Named: 'node-a', Address: undefined, Other: undefined, Labelled: 'node-b' });
});

test('promtool accepts the rest of it', { skip: missing(['promtool']) }, (t) => {
  const directory = temporary(t);
  const file = join(directory, 'prometheus.yaml');
  writeFileSync(file, JSON.stringify({ ...example, scrape_configs: example.scrape_configs.map(discovered) }));
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', file], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

/**
 * The job with a list of targets and the labels that discovery would add: there is no Kubernetes here, and the Prometheus of
 * Debian lacks its discovery.
 */
function discovered({ kubernetes_sd_configs, file_sd_configs, tls_config: _, authorization: __, ...job }: Job): object {
  if (!kubernetes_sd_configs && !file_sd_configs) return job;
  const targets = Object.entries(DISCOVERED[job.job_name] ?? {});
  return { ...job, static_configs: targets.map(([address, labels]) => ({ targets: [address], labels })) };
}

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-scrape-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

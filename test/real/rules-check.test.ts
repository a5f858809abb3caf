import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { foreshock } from '../cli/command-line.ts';
import { until } from '../exporter-process.ts';
import { missing } from '../programs.ts';
import { healthyNode } from '../rules/replays/healthy-node.ts';
import { listen } from '../servers.ts';
import { type PrometheusServer, prometheusIn } from './prometheus-server.ts';

/** The exposition of a cluster of two healthy nodes. */
const HEALTHY = ['node-a', 'node-b']
  .flatMap((node) => healthyNode(node, { seconds: 600 }))
  .map(([series, course]) => `${series} ${String(course(600, Date.now() / 1000 - 600)).replace('Infinity', '+Inf')}`)
  .join('\n');

test('foreshock rules --check asks a Prometheus', { skip: missing(['prometheus']) }, async (t) => {
  const cluster = await scrapedCluster(t);
  const check = (...flags: string[]) => foreshock(['rules', '--check', cluster.prometheus.url, ...flags]);

  await t.test('that has all', async () => {
    await cluster.becomes(HEALTHY);
    const { code, stdout, stderr } = await check();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, stdout);
    assert.match(stdout, /^Checked http:\/\/127\.0\.0\.1:\d+\n[\s\S]*Nothing is missing\.\n$/);
  });

  await t.test('whose jobs have other names', async () => {
    await cluster.becomes(HEALTHY.replaceAll('job="node-exporter"', 'job="node"'));
    const { code, stdout } = await check();
    assert.equal(code, 1, stdout);
    assert.match(stdout, /no series of node_exporter with job="node-exporter", but with job="node"\n/);
    assert.match(stdout, /needed by: Foreshock.*\n {6}remedy: set selectors\.node_exporter: 'job="node"'/);
    assert.match(stdout, /\n1 thing is missing\.\n$/);
    const withSettings = await check(`--config.file=${settingsFile(t, 'selectors: {node_exporter: job="node"}')}`);
    assert.equal(withSettings.code, 0, withSettings.stdout);
  });

  await t.test('that lacks a metric, a role and a node', async () => {
    const without = (...patterns: RegExp[]) =>
      HEALTHY.split('\n').filter((line) => !patterns.some((pattern) => pattern.test(line)));
    await cluster.becomes(
      without(
        /^node_disk_write_time_seconds_total/,
        /^foreshock_(kubelet_(lease_renew|status_patch)|node_|image_gc_f|image_pull|pod_|images|local|unused)/,
        /collector="(heartbeats|conditions|events|pulls|pods|images)"/,
        /^foreshock_collector_.*node="node-b"/,
      ).join('\n'),
    );
    const { code, stdout } = await check();
    assert.equal(code, 1, stdout);
    assert.match(
      stdout,
      / - node_disk_write_time_seconds_total\{job="node-exporter"\} has no series\n.*\n.*--collector\.diskstats/,
    );
    assert.match(stdout, / - no metrics of `foreshock cluster`\n {6}needed by: Foreshock/);
    assert.match(stdout, / - `foreshock node` lacks 1 of the 2 nodes of kube-state-metrics: eu\/node-b\n/);
    assert.match(stdout, /\n3 things are missing\.\n$/);
  });

  await t.test('whose labels do not match', async () => {
    const renamed = HEALTHY.split('\n').map((line) => {
      if (/^kube_/.test(line)) return line.replace('cluster="eu",', '');
      return /^foreshock_collector_/.test(line) ? line.replace('node="node-a"', 'node="10.0.0.1:10777"') : line;
    });
    await cluster.becomes(renamed.join('\n'));
    const { code, stdout } = await check();
    assert.equal(code, 1, stdout);
    assert.match(stdout, / - the label `cluster` is on series of .*, but not on all of kube-state-metrics\n/);
    assert.match(
      stdout,
      / - `foreshock node` has nodes that `foreshock cluster` does not know: 10\.0\.0\.1:10777; it lacks 1 of the 2 nodes of .*: node-a\n.*__meta_kubernetes_pod_node_name/,
    );
    assert.match(stdout, /\n2 things are missing\.\n$/);
  });

  await t.test('that renamed our labels', async () => {
    await cluster.becomes(HEALTHY.replaceAll('container="app"', 'container="foreshock",exported_container="app"'));
    const { code, stdout } = await check();
    assert.equal(code, 1, stdout);
    assert.match(
      stdout,
      / - Prometheus renamed the label `container` of \d+ series of Foreshock to `exported_container`\n.*honor_labels: true/,
    );
  });

  await t.test('of hosts without Kubernetes, where a cluster role is not missing', async () => {
    const ofHost = HEALTHY.split('\n').filter(
      (line) =>
        !/^(kube|container_|rest_client)|job="kubelet"|daemon="kubelet"/.test(line) &&
        !/collector="(heartbeats|conditions|events|pulls|pods|images)"/.test(line) &&
        !/^foreshock_(kubelet_|node_|image_gc_f|image_pull|pod_|images|local|unused)/.test(line),
    );
    await cluster.becomes(ofHost.join('\n'));
    const { code, stdout } = await check();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Notes:\n[\s\S]* - no metrics of `foreshock cluster`\n/);
  });
});

interface ScrapedCluster {
  readonly prometheus: PrometheusServer;
  /** What is scraped from now on; resolves when it has been. */
  becomes(exposition: string): Promise<void>;
}

/** A Prometheus that scrapes all as from one target, whose series have the labels of their own. */
async function scrapedCluster(t: TestContext): Promise<ScrapedCluster> {
  let [text, version] = ['', 0];
  const target = await listen(
    t,
    createServer((_, response) => response.setHeader('Content-Type', 'text/plain; version=0.0.4').end(text)),
  );
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-check-'));
  const job = {
    job_name: 'all',
    honor_labels: true,
    scrape_interval: '1s',
    scrape_timeout: '1s',
    static_configs: [{ targets: [target] }],
  };
  const prometheus = await prometheusIn(directory, { scrape_configs: [job] });
  t.after(async () => {
    await prometheus.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    prometheus,
    becomes: async (exposition) => {
      version += 1;
      text = `${exposition}\nscraped_version ${version}\n`;
      await until(
        () => prometheus.value('scraped_version'),
        (value) => value === version,
        30,
      );
    },
  };
}

function settingsFile(t: TestContext, yaml: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-settings-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'rules.yaml');
  writeFileSync(file, yaml);
  return file;
}

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { packFiles } from '../../rules/render/files.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { startExporter, until } from '../exporter-process.ts';
import { answeringDaemons } from '../golden/host-trees.ts';
import { FIXTURES } from '../paths.ts';
import { missing } from '../programs.ts';
import { type PrometheusServer, prometheusIn } from '../real/prometheus-server.ts';
import { startServer } from '../server-process.ts';
import { httpServer, listen } from '../servers.ts';
import { renderedAlert } from './alert-cases.ts';
import { recorded } from './alertmanager/pack.ts';
import { startRecorder } from './alertmanager/recorder.ts';
import { Alertmanager } from './alertmanager/server.ts';
import { startHeartbeats } from './live/heartbeats.ts';
import { STORMING, StormingHost } from './live/storming-host.ts';

const NODE = { cluster: 'eu', node: 'node-a' };
const STORM = 'ForeshockContainerLogStorm';

/** The symptoms that fire within the test: ForeshockNodeDiskStall needs five minutes of history. */
const SYMPTOMS = ['ForeshockKubeletBlocked', 'ForeshockKubeletHeartbeatLate'];

/** Seconds to wait for what takes one or two minutes. */
const LONG = 300;

const programs = ['prometheus', 'prometheus-alertmanager', 'prometheus-node-exporter'];

test('story 004 ends in exactly one notification that names the container and the runbook', {
  skip: missing(programs),
}, async (t) => {
  const recorder = await startRecorder(t);
  // As we ship it, except addresses and the interval, so that any other notification comes within the test.
  const alertmanager = await Alertmanager.start(t, recorded(recorder.url, { group_interval: '10s' }));
  const host = new StormingHost(t);
  const heartbeats = await startHeartbeats(t, NODE.node);
  let lateFrom = Infinity;
  const heart = setInterval(() => {
    if (performance.now() < lateFrom) heartbeats.beat();
  }, 10_000);
  try {
    const jobs = [
      {
        job_name: 'foreshock',
        honor_labels: true,
        static_configs: [await node(t, host.root), clusterRole(heartbeats.url)],
      },
      { job_name: 'node-exporter', static_configs: [await nodeExporter(t, host.root)] },
      { job_name: 'kubelet', static_configs: [await kubelet(t)] },
    ];
    const prometheus = await startPrometheus(t, jobs, alertmanager);
    await until(
      () => prometheus.value('count(up == 1)'),
      (up) => up === 4,
      60,
    );
    assert.deepEqual(await firing(prometheus), []);

    host.storm();
    // The kubelet is late after a while, as in the story.
    lateFrom = performance.now() + 40_000;
    await until(async () => recorder.at('/pager/webhook').length, Boolean, LONG);
    await until(
      () => alertmanager.muted(NODE),
      (muted) => SYMPTOMS.every((name) => muted.includes(name)),
      LONG,
    );

    host.calm();
    lateFrom = Infinity;
    // The symptoms fired half a minute ago or more: their tickets, which wait for two minutes, would be sent by then.
    await sleep(110_000);
    assert.ok((await firing(prometheus)).includes(STORM), 'storms come in bursts: it fires for a while longer');
    assert.deepEqual(await alertmanager.muted(NODE), SYMPTOMS);
    assert.deepEqual(recorder.notifications.map(({ path }) => path).sort(), ['/pager/pagerduty', '/pager/webhook']);
  } finally {
    host.stop();
    clearInterval(heart);
  }

  const [alert, ...more] = recorder.at('/pager/webhook')[0]?.body.alerts ?? [];
  assert.deepEqual(more, []);
  const { labels, annotations } = renderedAlert(STORM);
  assert.deepEqual(alert?.labels, { alertname: STORM, ...labels, ...NODE, ...STORMING });
  const { namespace, pod, container } = STORMING;
  assert.ok(
    alert.annotations.description?.startsWith(
      `Container ${namespace}/${pod}/${container} on node-a of cluster eu writes `,
    ),
  );
  assert.equal(alert.annotations.runbook_url, annotations.runbook_url);
  const page = recorder.at('/pager/pagerduty')[0]?.body.payload;
  assert.equal(page?.summary, `1 firing on node-a of cluster eu: ${annotations.summary}`);
  assert.ok(page.custom_details.firing?.includes(`\nRunbook: ${annotations.runbook_url}\n`));
});

interface Targets {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const targetsAt = (url: string, labels: Targets['labels']): Targets => ({ targets: [new URL(url).host], labels });

/** The node role; without the size of the image file system, which is that of the disk of this machine. */
async function node(t: TestContext, root: string): Promise<Targets> {
  const paths = [`--path.rootfs=${root}`, `--path.procfs=${root}/proc`, `--path.sysfs=${root}/sys`];
  const daemons = await answeringDaemons(t, root, ['docker', 'containerd']);
  const exporter = await startExporter([...paths, ...daemons, '--no-collector.image_filesystem']);
  t.after(() => exporter.stop());
  return targetsAt(exporter.url, NODE);
}

function clusterRole(url: string): Targets {
  return targetsAt(url, { cluster: NODE.cluster });
}

async function nodeExporter(t: TestContext, root: string): Promise<Targets> {
  const args = (address: string) => [
    `--web.listen-address=${address}`,
    `--path.procfs=${root}/proc`,
    `--path.sysfs=${root}/sys`,
    '--collector.disable-defaults',
    '--collector.diskstats',
    '--collector.uname',
  ];
  return targetsAt(await startServer(t, 'prometheus-node-exporter', args, '/'), NODE);
}

/** The metrics of the recorded kubelet. */
async function kubelet(t: TestContext): Promise<Targets> {
  const metrics = gunzipSync(readFileSync(join(FIXTURES, 'kubelet-1.26/metrics.txt.gz'))).toString();
  return targetsAt(`http://${await listen(t, httpServer(200, metrics))}`, { ...NODE, metrics_path: '/metrics' });
}

/** Prometheus with the rules as we ship them, evaluated every second. */
async function startPrometheus(
  t: TestContext,
  jobs: readonly object[],
  alertmanager: Alertmanager,
): Promise<PrometheusServer> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-live-'));
  const rules = [...packFiles(DEFAULT_SETTINGS)].filter(([path]) => path.startsWith('prometheus/'));
  for (const [path, content] of rules) writeFileSync(join(directory, basename(path)), content);
  const prometheus = await prometheusIn(directory, {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: rules.map(([path]) => basename(path)),
    scrape_configs: jobs,
    alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host] }] }] },
  });
  t.after(async () => {
    await prometheus.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return prometheus;
}

/** Names of the alerts that fire. */
async function firing(prometheus: PrometheusServer): Promise<string[]> {
  interface Firing {
    readonly result: readonly { readonly metric: { readonly alertname: string } }[];
  }
  const query = encodeURIComponent('ALERTS{alertstate="firing"}');
  const { result } = await prometheus.api<Firing>(`query?query=${query}`);
  return result.map(({ metric }) => metric.alertname).sort();
}

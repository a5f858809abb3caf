import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../../programs.ts';
import { Amtool, type TemplateData } from './amtool.ts';

const skip = missing(['amtool']);

const where = { cluster: 'eu', node: 'node-a' };

const storm = {
  status: 'firing',
  labels: { alertname: 'ForeshockContainerLogStorm', severity: 'critical', explains_disk_slow: 'true', ...where },
  annotations: {
    summary: 'A container logs so much that the disk of its node stands still.',
    description: 'Container shop/orders-7d4f/java on node-a of cluster eu writes 57MiB/s to its log.',
    runbook_url: 'https://runbooks.example.com/ForeshockContainerLogStorm.md',
    dashboard_url: 'https://grafana.example.com/d/foreshock-container-disk?var-cluster=eu&var-node=node-a',
  },
  generatorURL: 'http://prometheus.example.com/graph?g0.expr=up&g0.tab=1',
} as const;

const stall = {
  status: 'firing',
  labels: { alertname: 'ForeshockNodeDiskStall', severity: 'critical', symptom: 'disk_slow', ...where },
  annotations: { summary: 'A disk takes seconds for a write.', description: 'A write to vda takes 11 s.' },
  generatorURL: 'http://prometheus.example.com/graph?g0.expr=disk',
} as const;

const notReady = {
  status: 'firing',
  labels: { alertname: 'KubeNodeNotReady', severity: 'warning', ...where },
  annotations: { summary: 'Node is not ready.' },
  generatorURL: 'http://prometheus.example.com/graph?g0.expr=ready',
} as const;

/** A notification of alerts of one node. */
function notification(
  alerts: TemplateData['alerts'],
  commonLabels = where as TemplateData['commonLabels'],
): TemplateData {
  return { externalURL: 'http://alertmanager.example.com', commonLabels, alerts };
}

test('the title has the number of firing alerts, the node and the cause', { skip }, (t) => {
  const amtool = new Amtool(t);
  const title = (data: TemplateData) => amtool.render('foreshock.title', data);
  assert.equal(
    title(notification([notReady, stall, storm])),
    '3 firing on node-a of cluster eu: A container logs so much that the disk of its node stands still.',
  );
  assert.equal(
    title(notification([notReady, stall])),
    '2 firing on node-a of cluster eu: A disk takes seconds for a write.',
  );
  const over = { ...storm, status: 'resolved' } as const;
  assert.equal(title(notification([over, notReady])), '1 firing on node-a of cluster eu: Node is not ready.');
  assert.equal(
    title(notification([over])),
    'Resolved on node-a of cluster eu: A container logs so much that the disk of its node stands still.',
  );
  assert.equal(title(notification([notReady], { node: 'node-a' })), '1 firing on node-a: Node is not ready.');
  assert.equal(title(notification([notReady], { cluster: 'eu' })), '1 firing in cluster eu: Node is not ready.');
  const bare = { ...notReady, labels: { alertname: 'TargetDown' }, annotations: {} };
  assert.equal(title(notification([bare], {})), '1 firing: TargetDown');
});

test('the text for pagers starts with the cause, and marks missing links', { skip }, (t) => {
  const over = { ...notReady, status: 'resolved' } as const;
  assert.equal(
    new Amtool(t).render('foreshock.text', notification([over, stall, storm])),
    `2 firing on node-a of cluster eu: A container logs so much that the disk of its node stands still.

ForeshockContainerLogStorm (critical)
Container shop/orders-7d4f/java on node-a of cluster eu writes 57MiB/s to its log.
Runbook: https://runbooks.example.com/ForeshockContainerLogStorm.md
Dashboard: https://grafana.example.com/d/foreshock-container-disk?var-cluster=eu&var-node=node-a
Query: http://prometheus.example.com/graph?g0.expr=up&g0.tab=1
Silence: http://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22ForeshockContainerLogStorm%22%2Ccluster%3D%22eu%22%2Cnode%3D%22node-a%22%7D

ForeshockNodeDiskStall (critical)
A write to vda takes 11 s.
Runbook: none (the alert has no annotation runbook_url)
Dashboard: none (the alert has no annotation dashboard_url)
Query: http://prometheus.example.com/graph?g0.expr=disk
Silence: http://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22ForeshockNodeDiskStall%22%2Ccluster%3D%22eu%22%2Cnode%3D%22node-a%22%7D

Resolved: KubeNodeNotReady, Node is not ready.`,
  );
});

test('the text for Slack', { skip }, (t) => {
  assert.equal(
    new Amtool(t).render('foreshock.slack.text', notification([notReady, storm])),
    `ForeshockContainerLogStorm (critical)
Container shop/orders-7d4f/java on node-a of cluster eu writes 57MiB/s to its log.
<https://runbooks.example.com/ForeshockContainerLogStorm.md|Runbook> | <https://grafana.example.com/d/foreshock-container-disk?var-cluster=eu&amp;var-node=node-a|Dashboard> | <http://prometheus.example.com/graph?g0.expr=up&amp;g0.tab=1|Query> | <http://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22ForeshockContainerLogStorm%22%2Ccluster%3D%22eu%22%2Cnode%3D%22node-a%22%7D|Silence>
KubeNodeNotReady (warning)
Node is not ready.
Runbook: none (the alert has no annotation runbook_url) | Dashboard: none (the alert has no annotation dashboard_url) | <http://prometheus.example.com/graph?g0.expr=ready|Query> | <http://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22KubeNodeNotReady%22%2Ccluster%3D%22eu%22%2Cnode%3D%22node-a%22%7D|Silence>
`,
  );
});

test('the details for PagerDuty begin with a word in quotes, so that YAML reads no more than a string in them', {
  skip,
}, (t) => {
  const amtool = new Amtool(t);
  const over = { ...notReady, status: 'resolved' } as const;
  const details = (data: TemplateData) =>
    ['firing', 'resolved'].map((part) => amtool.render(`foreshock.pagerduty.${part}`, data));
  assert.deepEqual(details(notification([over, stall])), [
    `"Firing" alerts:
ForeshockNodeDiskStall (critical)
A write to vda takes 11 s.
Runbook: none (the alert has no annotation runbook_url)
Dashboard: none (the alert has no annotation dashboard_url)
Query: http://prometheus.example.com/graph?g0.expr=disk
Silence: http://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22ForeshockNodeDiskStall%22%2Ccluster%3D%22eu%22%2Cnode%3D%22node-a%22%7D
`,
    '"Resolved" alerts:\nResolved: KubeNodeNotReady, Node is not ready.',
  ]);
  assert.deepEqual(details(notification([stall]))[1], '"Resolved" alerts: none');
  assert.deepEqual(details(notification([over]))[0], '"Firing" alerts: none');
});

test("Slack's buttons belong to the cause, and say when a link is missing", { skip }, (t) => {
  const amtool = new Amtool(t);
  const buttons = (data: TemplateData) =>
    ['runbook.label', 'runbook.url', 'dashboard.label', 'dashboard.url', 'query.url', 'silence.url'].map((part) =>
      amtool.render(`foreshock.slack.${part}`, data),
    );
  assert.deepEqual(buttons(notification([notReady, storm])), [
    'Runbook',
    storm.annotations.runbook_url,
    'Dashboard',
    storm.annotations.dashboard_url,
    storm.generatorURL,
    'http://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22ForeshockContainerLogStorm%22%2Ccluster%3D%22eu%22%2Cnode%3D%22node-a%22%7D',
  ]);
  assert.deepEqual(buttons(notification([notReady])).slice(0, 4), [
    'No runbook',
    'http://alertmanager.example.com',
    'No dashboard',
    'http://alertmanager.example.com',
  ]);
});

test('a silence matches the labels of the alert, with blanks as %20', { skip }, (t) => {
  const amtool = new Amtool(t);
  const filter = (labels: Record<string, string>) => {
    const url = amtool.render('foreshock.slack.silence.url', notification([{ ...storm, labels }]));
    return decodeURIComponent(url.split('filter=')[1] ?? '');
  };
  assert.equal(filter({ alertname: 'A' }), '{alertname="A"}');
  assert.equal(filter({ alertname: 'A', node: 'n' }), '{alertname="A",node="n"}');
  assert.equal(
    filter({ alertname: 'A', cluster: 'two words', node: 'n' }),
    '{alertname="A",cluster="two words",node="n"}',
  );
});

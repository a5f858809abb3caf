import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../exporter-process.ts';
import { missing } from '../../programs.ts';
import { renderedAlert } from '../alert-cases.ts';
import { logStorm } from '../replays/log-storm.ts';
import { SICK } from '../replays/replay.ts';
import { recorded } from './pack.ts';
import { startRecorder } from './recorder.ts';
import { Alertmanager, type PostedAlert } from './server.ts';

const SOON = 30;

/** The paths of the two notifiers of the pager in {@link recorded}. */
const PAGER = ['/pager/pagerduty', '/pager/webhook'];

test('a sick node sends one notification, about the cause', {
  skip: missing(['prometheus-alertmanager']),
}, async (t) => {
  const recorder = await startRecorder(t);
  const alertmanager = await Alertmanager.start(t, recorded(recorder.url, { group_wait: '2s', group_interval: '2s' }));
  const cause = 'ForeshockContainerLogStorm';
  const posted = (alertname: string, more: Partial<PostedAlert> = {}) => {
    const { labels, annotations } = renderedAlert(alertname);
    return { labels: { alertname, ...labels, cluster: 'eu', node: SICK }, annotations, ...more };
  };
  const symptoms = logStorm.expected.map(({ alert }) => alert).filter((alert) => alert !== cause);
  const sent = (path: string) => recorder.at(path).filter(({ body }) => JSON.stringify(body).includes(SICK));

  await t.test('also when a symptom came first', async () => {
    await alertmanager.post(symptoms.map((alert) => posted(alert)));
    await alertmanager.post([posted(cause)]);
    await until(
      async () => PAGER.map((path) => sent(path).length),
      (counts) => counts.every(Boolean),
      SOON,
    );
    const alerts = sent('/pager/webhook')[0]?.body.alerts ?? [];
    assert.deepEqual(
      alerts.map(({ status, labels }) => [status, labels.alertname]),
      [['firing', cause]],
    );
    const page = sent('/pager/pagerduty')[0]?.body.payload;
    assert.equal(page?.summary, `1 firing on ${SICK} of cluster eu: ${renderedAlert(cause).annotations.summary}`);
    assert.match(page?.custom_details.firing ?? '', /^Runbook: \S+\/ForeshockContainerLogStorm\.md$/m);
  });

  await t.test('and one when all is over', async () => {
    const endsAt = new Date().toISOString();
    const all = [cause, ...symptoms].map((alert) => posted(alert, { endsAt }));
    // Symptoms first: otherwise they are notified between the end of their cause and their own.
    await alertmanager.post(all.reverse());
    await until(
      async () => PAGER.map((path) => sent(path).length),
      (counts) => counts.every((count) => count > 1),
      SOON,
    );
    const states = sent('/pager/webhook').map(({ body }) => body.status);
    assert.deepEqual(states, ['firing', 'resolved']);
    assert.deepEqual(sent('/pager/pagerduty').length, 2);
    const others = recorder.notifications.filter(
      ({ path, body }) => !PAGER.includes(path) && JSON.stringify(body).includes(SICK),
    );
    assert.deepEqual(others, []);
  });
});

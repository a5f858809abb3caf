import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../exporter-process.ts';
import { missing } from '../../programs.ts';
import { startMailbox, unquoted } from './mailbox.ts';
import { recorded } from './pack.ts';
import { startRecorder } from './recorder.ts';
import { Alertmanager } from './server.ts';

/** Harmless, but it means something to Slack, to Markdown, to HTML, to YAML and to a template; with a forged line. */
const NAME = '<!channel> {{ . }} {"a": [b]} *b* _i_ <b>&amp;\r\nRunbook: https://example.com|\u2028x\u202e';

const SHOWN = '<!channel> (( . )) ("a": [b]) *b* _i_ <b>&amp; Runbook: https://example.com| x ';
const SHOWN_BY_SLACK = SHOWN.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Every text of it comes from elsewhere, as in the alerts of other packs. */
const annotations = {
  summary: `s ${NAME}`,
  description: `d ${NAME}`,
  runbook_url: `https://example.com/${NAME}`,
  dashboard_url: `https://example.com/${NAME}`,
};

test('names and texts of alerts have no meaning to those who receive them', {
  skip: missing(['prometheus-alertmanager']),
}, async (t) => {
  const recorder = await startRecorder(t);
  const mailbox = await startMailbox(t);
  const timing = { group_wait: '1s', group_interval: '1s' };
  const alertmanager = await Alertmanager.start(t, recorded(recorder.url, timing, mailbox.address));
  const alert = (severity: string) => ({
    labels: { alertname: `a ${NAME}`, severity, node: `n ${NAME}` },
    annotations,
    generatorURL: 'http://prometheus.example.com/graph?g0.expr=up&g0.tab=1',
  });
  const about = (path: string) => recorder.at(path).filter(({ body }) => JSON.stringify(body).includes('!channel'));
  const sent = async (path: string, count: number) => {
    const all = await until(
      async () => about(path),
      ({ length }) => length >= count,
      30,
    );
    return all[count - 1]?.body;
  };

  await alertmanager.post([alert('critical'), alert('warning')]);

  await t.test('PagerDuty: no braces, no lines of others, and details as text', async () => {
    const { payload } = (await sent('/pager/pagerduty', 1)) ?? {};
    assert.equal(payload?.summary, `1 firing on n ${SHOWN}: s ${SHOWN}`);
    const { firing, resolved, num_firing, num_resolved } = payload?.custom_details ?? {};
    assert.deepEqual([Number(num_firing), Number(num_resolved)], [1, 0]);
    assert.equal(resolved, '"Resolved" alerts: none');
    const [head, name, description, runbook, dashboard, query, silence, ...rest] = String(firing).split('\n');
    assert.deepEqual([head, name, description], ['"Firing" alerts:', `a ${SHOWN} (critical)`, `d ${SHOWN}`]);
    for (const [line = '', start] of [
      [runbook, 'Runbook: '],
      [dashboard, 'Dashboard: '],
      [query, 'Query: '],
      [silence, 'Silence: '],
    ] as const) {
      assert.ok(line.startsWith(start), line);
      assert.doesNotMatch(line.slice(start.length), /[{}<>|\s]/);
    }
    assert.deepEqual(rest, ['']);
  });

  await t.test('Slack: no control sequence but its links, and nothing that is read as Markdown', async () => {
    const body = (await sent('/tickets/slack', 1)) ?? {};
    const [attachment] = body.attachments ?? [];
    assert.equal(attachment?.title, `1 firing on n ${SHOWN_BY_SLACK}: s ${SHOWN_BY_SLACK}`);
    assert.equal(attachment?.fallback, attachment?.title);
    assert.deepEqual(attachment?.mrkdwn_in, ['pretext']);
    assert.equal(attachment?.pretext, undefined);
    const { text = '', actions = [] } = attachment ?? {};
    const sequences = [...text.matchAll(/<([^|>]*)\|?([^>]*)>/g)];
    assert.deepEqual(
      sequences.map(([, , label]) => label),
      ['Runbook', 'Dashboard', 'Query', 'Silence'],
    );
    for (const [, url = ''] of sequences) assert.match(url, /^https?:\/\/[^\s{}<>|]+$/);
    const [name, description] = text.split('\n');
    assert.deepEqual([name, description], [`a ${SHOWN_BY_SLACK} (warning)`, `d ${SHOWN_BY_SLACK}`]);
    assert.equal(actions.length, 4);
    // Alertmanager 0.33.1 sends its buttons without text and URL. The links of the text are the same.
    for (const value of actions.flatMap((action) => Object.values(action))) assert.doesNotMatch(value, /[\r\n{}<>|]/);
  });

  await t.test('e-mail: plain text alone, with headers of our own', async () => {
    const [mail = ''] = await until(
      async () => mailbox.mails.filter((one) => one.includes('channel')),
      ({ length }) => length > 0,
      30,
    );
    assert.deepEqual(
      [...mail.matchAll(/^Content-Type: (\S+)/gm)].map(([, type]) => type),
      ['multipart/alternative;', 'text/plain;'],
    );
    assert.match(unquoted(mail), /^Runbook: https:\/\/example\.com\/[^\s{}<>|]+$/m);
    assert.match(unquoted(mail), /^d <!channel> \(\( \. \)\)/m);
    assert.doesNotMatch(unquoted(mail), /[{}]|^Runbook: https:\/\/example\.com\|/m);
  });

  await t.test('webhook: the labels as they are, as JSON', async () => {
    const body = await sent('/pager/webhook', 1);
    assert.equal(body?.alerts?.[0]?.labels.node, `n ${NAME}`);
  });

  await t.test('when it is over', async () => {
    const endsAt = new Date().toISOString();
    await alertmanager.post([{ ...alert('critical'), endsAt }]);
    const { payload } = (await sent('/pager/pagerduty', 2)) ?? {};
    assert.equal(payload?.summary, `Resolved on n ${SHOWN}: s ${SHOWN}`);
    const { firing, resolved } = payload?.custom_details ?? {};
    assert.equal(firing, '"Firing" alerts: none');
    assert.equal(resolved, `"Resolved" alerts:\nResolved: a ${SHOWN}, s ${SHOWN}`);
  });
});

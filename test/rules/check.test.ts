import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { UsageError } from '../../exporter/config/usage-error.ts';
import { evaluationFailures } from '../../rules/check/evaluation.ts';
import { abbreviate, report } from '../../rules/check/finding.ts';
import { alertsByMetric } from '../../rules/check/needs.ts';
import { nodeMismatches } from '../../rules/check/nodes.ts';
import { QueryError, queryClient, type Series, withoutCredentials } from '../../rules/check/prometheus.ts';
import { type RuleGroup, ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { httpServer, listen, silentServer } from '../servers.ts';

test('a long list is abbreviated', () => {
  const list = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  assert.equal(abbreviate(list), 'n0, n1, n2, n3, n4 and 995 more');
  assert.equal(abbreviate(list.slice(0, 6)), 'n0, n1, n2, n3, n4, n5');
});

test('the report has what is missing, then the notes', () => {
  assert.equal(
    report(
      [
        { level: 'note', what: 'no x', alerts: ['A'] },
        { level: 'missing', what: 'no y', alerts: ['A', 'B'], remedy: 'get y' },
      ],
      'http://p',
    ),
    'Checked http://p\n\nMissing:\n  - no y\n      needed by: A, B\n      remedy: get y\n\n' +
      'Notes:\n  - no x\n      used by: A\n\n1 thing is missing.\n',
  );
});

test('alerts need metrics directly and through recorded series', () => {
  const group: RuleGroup = {
    id: 'x',
    records: [
      { record: 'a:b:c', expr: 'max by (a) (m_one)' },
      { record: 'a:d:e', expr: 'rate(m_two_total[5m]) / a:b:c' },
    ],
    alerts: [],
  };
  const [alert] = ruleGroups(DEFAULT_SETTINGS).flatMap(({ alerts }) => alerts);
  assert.ok(alert);
  const needs = alertsByMetric([{ ...group, alerts: [{ ...alert, expr: 'a:d:e > 1 and m_three_bucket' }] }]);
  const of = (name: string) => needs.get(name);
  assert.deepEqual(['m_one', 'm_two_total', 'm_three_bucket', 'a:b:c'].map(of), [
    [alert.name],
    [alert.name],
    [alert.name],
    undefined,
  ]);
});

/** Answers by the exporter that an expression is about. */
function answering(nodesOf: Readonly<Record<string, readonly string[]>>) {
  return async (expr: string): Promise<Series[]> => {
    // The expression about node_exporter reads kube-state-metrics and the kubelet too.
    const source = ['node_uname_info', 'kube_node_info', 'kubelet_node_name', 'collector_success', 'lease_renew'].find(
      (name) => expr.includes(name),
    );
    return (nodesOf[source ?? ''] ?? []).map((node) => ({ labels: { node, instance: `${node}:1` }, value: 1 }));
  };
}

test('of 1000 nodes that do not match the first five are named', async () => {
  const numbered = (prefix: string) =>
    Array.from({ length: 1000 }, (_, index) => `${prefix}${String(index).padStart(3, '0')}`);
  const findings = await nodeMismatches(
    answering({ kube_node_info: numbered('n'), collector_success: numbered('ip'), node_uname_info: numbered('n') }),
    DEFAULT_SETTINGS,
  );
  assert.deepEqual(
    findings.map(({ what }) => what),
    [
      '`foreshock node` has nodes that kube-state-metrics does not know: ip000, ip001, ip002, ip003, ip004 and 995 more; ' +
        'it lacks 1000 of the 1000 nodes of kube-state-metrics: n000, n001, n002, n003, n004 and 995 more',
    ],
  );
});

test('targets without a node are named by their address', async () => {
  const [finding] = await nodeMismatches(answering({ collector_success: [''] }), DEFAULT_SETTINGS);
  assert.match(finding?.what ?? '', /^1 target of `foreshock node` without the label `node`: :1$/);
});

test('rules that fail with the same message are one finding', async () => {
  const findings = await evaluationFailures(async (expr) => {
    if (expr.includes('node_disk_io_time')) throw new QueryError('many-to-many matching not allowed');
    return [];
  }, ruleGroups(DEFAULT_SETTINGS));
  assert.deepEqual(
    findings.map(({ what }) => what),
    ['Prometheus cannot evaluate ForeshockNodeDiskStall: many-to-many matching not allowed'],
  );
});

async function asking(t: TestContext, answer: object): Promise<{ asked: string[]; url: (user?: string) => URL }> {
  const asked: string[] = [];
  const address = await listen(
    t,
    createServer((request, response) => {
      asked.push(`${request.url?.split('&')[0]} ${request.headers.authorization}`);
      response.end(JSON.stringify(answer));
    }),
  );
  return { asked, url: (user = '') => new URL(`http://${user}${address}/path/`) };
}

test('a URL can have a path, a user and a password; messages show neither of the two', async (t) => {
  const answer = { data: { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [0, '7'] }] } };
  const { asked, url } = await asking(t, { status: 'success', ...answer });
  const target = url('me:p%40ss@');
  assert.deepEqual(await queryClient(target)('up'), [{ labels: { a: 'b' }, value: 7 }]);
  await queryClient(url())('up');
  assert.deepEqual(asked, [
    `/path/api/v1/query?query=up Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    '/path/api/v1/query?query=up undefined',
  ]);
  assert.equal(withoutCredentials(target), url().href.replace(/\/$/, ''));
});

test('a rejected expression is not an error of the URL', async (t) => {
  const { url } = await asking(t, { status: 'error', errorType: 'execution', error: 'many-to-many' });
  await assert.rejects(queryClient(url())('up'), new QueryError('many-to-many'));
});

for (const [title, server, message] of [
  ['a page', httpServer(200, '<html>'), /^http:\S+ is not the API of a Prometheus \(status 200\)$/],
  ['other JSON', httpServer(404, 'null'), /^http:\S+ is not the API of a Prometheus \(status 404\)$/],
  [
    'a refusal',
    httpServer(401, 'Unauthorized'),
    /^http:\S+ denies access \(status 401\): the URL can contain a user and a password$/,
  ],
  ['no HTTP', silentServer('what?\r\n\r\n'), /^cannot query http:\S+: /],
] as const) {
  test(`${title} in place of an answer is a UsageError`, async (t) => {
    const url = new URL(`http://${await listen(t, server)}`);
    await assert.rejects(queryClient(url)('up'), (error) => error instanceof UsageError && message.test(error.message));
  });
}

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { UsageError } from '../../../exporter/config/usage-error.ts';
import { QueryError, queryClient, withoutCredentials } from '../../../rules/check/prometheus.ts';
import { httpServer, listen, silentServer } from '../../servers.ts';

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

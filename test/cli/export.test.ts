import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { get, startWebServer, WebConfigDirectory } from '../exporter/server/web-server.ts';
import { until } from '../exporter-process.ts';

describe('an exporter that serves', { concurrency: true }, () => {
  test('goes on at SIGHUP', async (t) => {
    const { address, process, log } = await startWebServer(t);
    process.kill('SIGHUP');
    await until(
      async () => log(),
      (text) => text.includes('web configuration read again'),
      30,
    );
    assert.equal((await get(`http://${address}/-/healthy`)).status, 200);
    assert.deepEqual([process.exitCode, process.signalCode], [null, null]);
  });

  test('takes up its web configuration at SIGHUP, and says in its metrics whether it could', async (t) => {
    const users = (password: string) => `basic_auth_users: {alice: ${hashSync(password, 4)}}\n`;
    const config = new WebConfigDirectory(t);
    const { address, process } = await startWebServer(t, [config.configure(users('old'))]);
    const scrape = (password: string) => get(`http://${address}/metrics`, { auth: `alice:${password}` });
    const readable = async (password: string) =>
      /^foreshock_web_config_last_reload_successful (\d)$/m.exec((await scrape(password)).body.toString())?.[1];
    assert.equal(await readable('old'), '1');
    config.configure('basic_auth_users: {alice: plain}\n');
    process.kill('SIGHUP');
    await until(
      () => readable('old'),
      (value) => value === '0',
      30,
    );
    config.configure(users('new'));
    process.kill('SIGHUP');
    await until(
      () => readable('new'),
      (value) => value === '1',
      30,
    );
    assert.equal((await scrape('old')).status, 401);
  });
});

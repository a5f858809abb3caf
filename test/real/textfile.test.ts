import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OnceHost } from '../cli/once-host.ts';
import { temporaryDirectory } from '../exporter/node/host/temporary-host.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { startServer } from '../server-process.ts';

test('runs with --once in the textfile collector of node_exporter: its own metrics stay, and rates are true', {
  skip: missing(['prometheus-node-exporter']),
}, async (t) => {
  const host = new OnceHost(t);
  const directory = temporaryDirectory(t);
  const url = await startServer(
    t,
    'prometheus-node-exporter',
    (address) => [`--web.listen-address=${address}`, `--collector.textfile.directory=${directory}`],
    '/',
  );
  const scrapeAfterRun = async () => {
    writeFileSync(join(directory, 'foreshock.prom'), (await host.run()).text);
    const response = await fetch(`${url}/metrics`);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    assert.equal(sampleValue(text, 'node_textfile_scrape_error'), 0);
    assert.notEqual(sampleValue(text, 'process_resident_memory_bytes'), undefined, 'one, of node_exporter');
    return sampleValue(text, 'foreshock_container_log_written_bytes_total', { container: 'web' });
  };
  assert.equal(await scrapeAfterRun(), 0);
  host.write(5000);
  assert.equal(await scrapeAfterRun(), 5000);
});

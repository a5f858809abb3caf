import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { startExporter } from '../../exporter-process.ts';
import { sampleValue } from '../../exposition-text.ts';
import { directoryOf, writeClientKubeconfig } from './api/kubeconfig-file.ts';
import { TestCluster } from './test-cluster.ts';

/** Of an object, what the exporter has no use for: with `FULL_SCALE=1`, as in the matrix, a list has 1 GB. */
const PADDING = 'x'.repeat(process.env.FULL_SCALE === '1' ? 200_000 : 20_000);
/** Objects of the lists, which are sent in pages of 500. */
const FEW = 1000;
const MANY = 5000;

/** Generous: an exporter that keeps what it was sent takes five times as much. */
const MAX_GROWTH = 2;

/** The most kilobytes that an exporter takes to list so many nodes, and the images that it knows of the last one. */
async function listing(t: TestContext, nodes: number): Promise<{ kilobytes: number; images: number | undefined }> {
  const cluster = await TestCluster.start(t);
  const node = (index: number) => ({
    metadata: { name: `node-${index}`, uid: `uid-${index}`, annotations: { padding: `${index}${PADDING}` } },
    status: { images: [{ names: [`image:${index}`], sizeBytes: 1 }] },
  });
  cluster.server.load('nodes', { snapshot: () => ({ length: nodes, at: node }), apply: () => {} }, 100);
  const kubeconfig = writeClientKubeconfig(directoryOf(t), cluster.server.url, cluster.certificates);
  const exporter = await startExporter([`--kubeconfig=${kubeconfig}`], ['cluster']);
  t.after(() => exporter.stop());
  const status = readFileSync(`/proc/${exporter.process.pid}/status`, 'utf8');
  const images = sampleValue(await exporter.scrape(), 'foreshock_images', { node: `node-${nodes - 1}` });
  await exporter.stop();
  return { kilobytes: Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]), images };
}

test(`a list of ${(MANY * PADDING.length) / 1e6} MB takes the memory of a page`, async (t) => {
  const few = await listing(t, FEW);
  const many = await listing(t, MANY);
  assert.deepEqual([few.images, many.images], [1, 1]);
  const growth = many.kilobytes / few.kilobytes;
  assert.ok(growth < MAX_GROWTH, `${growth} times the memory: ${few.kilobytes} kB, then ${many.kilobytes} kB`);
  t.diagnostic(`${few.kilobytes} kB, then ${many.kilobytes} kB`);
});

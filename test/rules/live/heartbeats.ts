import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { writeClientKubeconfig } from '../../exporter/cluster/api/kubeconfig-file.ts';
import { TestCluster } from '../../exporter/cluster/test-cluster.ts';
import { startExporter } from '../../exporter-process.ts';

/** A cluster of one node, watched by `foreshock cluster`. */
export interface Heartbeats {
  /** Of the exporter. */
  readonly url: string;
  /** The kubelet renews its lease. */
  beat(): void;
}

export async function startHeartbeats(t: TestContext, node: string): Promise<Heartbeats> {
  const { server, certificates } = await TestCluster.start(t);
  const ready = { metadata: { name: node }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  server.change('nodes', 'ADDED', ready);
  const beat = () => {
    const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime: new Date().toISOString() };
    const lease = { metadata: { name: node, namespace: 'kube-node-lease' }, spec };
    server.change('leases', 'MODIFIED', lease);
  };
  beat();
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-heartbeats-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const exporter = await startExporter(
    [`--kubeconfig=${writeClientKubeconfig(directory, server.url, certificates)}`],
    ['cluster'],
  );
  t.after(() => exporter.stop());
  return { url: exporter.url, beat };
}

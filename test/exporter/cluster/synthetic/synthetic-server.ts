import { unixTime } from '../../../../exporter/clock.ts';
import { SystemClock } from '../../../../exporter/cluster/api/clock.ts';
import { writeClientKubeconfig } from '../api/kubeconfig-file.ts';
import { makeCertificates } from '../api-server/certificates.ts';
import { FakeApiServer } from '../api-server/fake-api-server.ts';
import { SyntheticCluster } from './synthetic-cluster.ts';

/** Times a second that changes are sent, as many as are due. */
const BEATS = 20;

/** Seconds between two renewals of a lease, and between two status patches of a node where nothing changes. */
const LEASE_PERIOD = 10;
const STATUS_PERIOD = 300;

/**
 * `node synthetic-server.js <directory> <nodes> <pods>`: a process of its own that serves a synthetic cluster with its
 * usual traffic, until its standard input ends. It writes `<directory>/config`, and a line when it is ready.
 */
const [directory = '.', nodes = '5000', pods = '150000'] = process.argv.slice(2);
const certificates = makeCertificates();
const server = new FakeApiServer(new SystemClock(), certificates);
const cluster = new SyntheticCluster(Number(nodes), Number(pods), unixTime());
cluster.load(server);
await server.start();

writeClientKubeconfig(directory, server.url, certificates);

const begin = unixTime();
const sent = { leases: 0, nodes: 0 };
const timer = setInterval(() => {
  const now = unixTime();
  const seconds = now - begin;
  for (; sent.leases < (seconds * cluster.nodes) / LEASE_PERIOD; sent.leases += 1) {
    server.change('leases', 'MODIFIED', cluster.renewed(sent.leases % cluster.nodes, now));
  }
  for (; sent.nodes < (seconds * cluster.nodes) / STATUS_PERIOD; sent.nodes += 1) {
    server.change('nodes', 'MODIFIED', cluster.node(sent.nodes % cluster.nodes, now));
    server.change('pods', 'MODIFIED', cluster.pod(sent.nodes % cluster.pods, now));
    server.change('events', 'ADDED', cluster.event(sent.nodes, now));
  }
}, 1000 / BEATS);
process.stdin.resume().on('end', async () => {
  clearInterval(timer);
  await server.stop();
});
console.log('ready');

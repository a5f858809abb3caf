import { collectDefaultMetrics, Registry } from 'prom-client';
import { VERSION } from '../version.ts';
import { type Family, type Format, families, print } from './exposition.ts';
import { gauge, sample } from './metric.ts';

export const buildInfo = gauge(
  'foreshock_build_info',
  'Always 1: the version of Foreshock and of the Node.js that runs it.',
  ['version', 'node_version'],
);

export const PROCESS_METRICS = [buildInfo];

/** The exporter about itself: its version, and prom-client's metrics of the process. */
export function processMetrics(): (format: Format) => Promise<Uint8Array> {
  const registry = new Registry();
  // A histogram of timers, every 10 ms by default, takes 0.7 % of a core; rarely filled it says nothing, so it is left out.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10_000 });
  const version = sample(buildInfo, 1, { version: VERSION, node_version: process.version });
  return async (format) => {
    const ofProcess = (await registry.getMetricsAsJSON()) as unknown as Family[];
    // promtool refuses these names: gauges that end in _total. They count this program's own sockets and timers.
    const kept = ofProcess.filter(({ name }) => !/^nodejs_(active_|eventloop_lag_.+_seconds)/.test(name));
    return print([...families(PROCESS_METRICS, [version]), ...kept], format);
  };
}

import { collectDefaultMetrics, Registry } from 'prom-client';
import { VERSION } from '../version.ts';
import { type Block, type Family, type Format, families, print } from './exposition.ts';
import { counter, gauge, sample } from './metric.ts';

export const buildInfo = gauge(
  'foreshock_build_info',
  'Always 1: the version of Foreshock and of the Node.js that runs it.',
  ['version', 'node_version'],
);

export const logLinesDropped = counter(
  'foreshock_log_lines_dropped_total',
  'Number of log lines that were lost because standard error did not take them.',
);

export const PROCESS_METRICS = [buildInfo, logLinesDropped];

/**
 * Prints metrics of the exporter's process: its version, the log lines that it has lost, and prom-client's default metrics
 * if it serves. Without a server these say nothing, and in a textfile they would have the names of node_exporter's own.
 */
export function processMetrics(
  droppedLogLines: () => number,
  serves: boolean,
): (format: Format) => Promise<readonly Block[]> {
  const registry = new Registry();
  // The histogram of event loop delays costs 0.7 % of a core at its default of 10 ms. At 10 s it says nothing, so it is
  // left out.
  if (serves) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10_000 });
  const version = sample(buildInfo, 1, { version: VERSION, node_version: process.version });
  return async (format) => {
    const ofProcess = (await registry.getMetricsAsJSON()) as unknown as Family[];
    // promtool refuses gauges whose names end in _total. They only count this program's own sockets and timers.
    const kept = ofProcess.filter(({ name }) => !/^nodejs_(active_|eventloop_lag_.+_seconds)/.test(name));
    return print(
      [...families(PROCESS_METRICS, [version, sample(logLinesDropped, droppedLogLines(), {})]), ...kept],
      format,
    );
  };
}

import * as daemons from '../../exporter/node/collectors/daemons.ts';
import * as kubeletEndpoints from '../../exporter/node/collectors/kubelet-endpoints.ts';
import * as runtime from '../../exporter/node/collectors/runtime.ts';
import { amount } from '../../rules/amount.ts';
import { promql } from '../../rules/promql.ts';
import type { DashboardContext } from '../context.ts';
import { quantile } from '../expressions.ts';
import { NO_NODE_ROLE } from '../no-data.ts';
import type { Row, TimeSeries } from '../panel.ts';
import { blockedThreads, longestBlock } from '../panels/kubelet.ts';

export function resources(context: DashboardContext): Row {
  return {
    title: 'Does it wait for disk or CPU?',
    panels: [
      { ...blockedThreads(context), width: 8 },
      { ...longestBlock(context), width: 8 },
      cpuWait(context),
      endpointLatency(context),
      scrapeDuration(context),
      runtimeLatency(context),
    ],
  };
}

function cpuWait({ chosenTarget, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Threads waiting for CPU',
    description:
      'Threads of the kubelet and the container runtimes that are ready to run and wait for a CPU, on average. ' +
      'High here without blocked threads: the CPU is busy, the disk is not.',
    healthy: 'near 0',
    signature: 'log-storm',
    unit: 'count',
    noData: NO_NODE_ROLE,
    width: 8,
    queries: [
      {
        expr: perNode(promql`rate(${daemons.runDelay}{${chosenTarget}}[$__rate_interval])`, 'daemon'),
        legend: '{{daemon}}',
      },
    ],
  };
}

/** A probe without an answer is in the bucket above all others, of which a quantile gives the lower bound. */
const NO_ANSWER_SECONDS = kubeletEndpoints.duration.buckets?.at(-1) ?? 0;
const LATENCY_QUANTILE = 0.99;

function endpointLatency(context: DashboardContext): TimeSeries {
  const { chosenTarget } = context;
  return {
    kind: 'timeseries',
    title: 'Latency of kubelet endpoints',
    description:
      `${amount(LATENCY_QUANTILE, 'ratio')} of the answers are faster. ` +
      `${amount(NO_ANSWER_SECONDS, 'seconds')} means no answer.`,
    healthy: 'milliseconds for /healthz',
    signature: 'log-storm',
    unit: 'seconds',
    noData: 'No kubelet was probed',
    width: 8,
    queries: [
      {
        expr: quantile(LATENCY_QUANTILE, kubeletEndpoints.duration, chosenTarget, context, { by: ['endpoint'] }),
        legend: '{{endpoint}}',
      },
    ],
  };
}

function scrapeDuration({ chosenClusters, perChosenTarget, selectors, threshold }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Scrape duration of the kubelet',
    description: 'How long Prometheus waited for each endpoint.',
    signature: 'log-storm',
    unit: 'seconds',
    noData: 'Prometheus does not scrape this kubelet',
    width: 8,
    queries: [
      {
        expr: perChosenTarget(promql`scrape_duration_seconds{${selectors.kubelet},${chosenClusters}}`, 'metrics_path'),
        legend: '{{metrics_path}}',
      },
    ],
    thresholds: { warning: threshold('heartbeat.cadvisor_seconds') },
    alerts: ['ForeshockCadvisorSlow'],
  };
}

function runtimeLatency({ chosenTarget, perNode }: DashboardContext): TimeSeries {
  return {
    kind: 'timeseries',
    title: 'Latency of the container runtime',
    description:
      'How long a ping of its socket takes. The kubelet makes the node NotReady if the runtime does not answer for minutes.',
    healthy: 'milliseconds',
    story: 'Story 002 §1: Docker did not answer at all.',
    signature: 'zombie-pileup',
    unit: 'seconds',
    noData: 'No container runtime found',
    width: 8,
    queries: [{ expr: perNode(promql`${runtime.duration}{${chosenTarget}}`, 'runtime'), legend: '{{runtime}}' }],
    alerts: ['ForeshockRuntimeUnresponsive'],
  };
}

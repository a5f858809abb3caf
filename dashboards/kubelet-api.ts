import * as heartbeats from '../exporter/cluster/watchers/heartbeats.ts';
import * as daemons from '../exporter/node/collectors/daemons.ts';
import * as kubelet from '../exporter/node/collectors/kubelet-config.ts';
import { duration as endpointDuration } from '../exporter/node/collectors/kubelet-endpoints.ts';
import * as runtime from '../exporter/node/collectors/runtime.ts';
import { promql } from '../rules/promql.ts';
import { LEASE_DURATION, STATUS_REPORT_INTERVAL } from '../rules/series/kubelet-thresholds.ts';
import type { Source } from './dashboard.ts';
import { CLUSTER, NODE, ofTarget, perNode, quantile, selectors } from './expressions.ts';
import {
  hangingThreads,
  heartbeatAge,
  heldRequests,
  longestBlock,
  oldestPull,
  patchLag,
  pullsInFlight,
  pullWait,
  requestWait,
  statusLag,
} from './panels/kubelet.ts';

const NO_CLUSTER_ROLE = 'The cluster role says nothing of this node';
const NO_NODE_ROLE = 'The node role says nothing of this node';

export const kubeletApi: Source = {
  uid: 'foreshock-kubelet-api',
  title: 'Foreshock / Kubelet and API',
  description:
    'Whether the kubelet of a node is late, and what it waits for: its disk, its processor, its own limit of requests, or a queue of image pulls.',
  of: 'node',
  from: 'now-6h',
  rows: [
    {
      title: 'Is it late?',
      panels: [
        heartbeatAge,
        patchLag,
        {
          kind: 'graph',
          title: 'Between two renewals of the lease',
          description:
            'The median and the longest of each step, as buckets tell them. Healthy is 10 s, a quarter of the lease duration; in story 004 63 to 125 s.',
          story: 'log-storm',
          unit: 'seconds',
          noData: NO_CLUSTER_ROLE,
          width: 12,
          queries: [
            { expr: quantile(0.5, heartbeats.renewInterval, NODE), legend: 'median' },
            { expr: quantile(1, heartbeats.renewInterval, NODE), legend: 'longest' },
            { expr: promql`${LEASE_DURATION.record}{${NODE}}`, legend: 'given up after', limit: 'red' },
          ],
        },
        {
          kind: 'graph',
          title: 'Between two patches of the node status',
          description:
            'The longest of the last quarter of an hour, as buckets tell it. Healthy is 5 min while nothing changes; before leases, as in story 004, it was the heartbeat: 63 to 125 s instead of 10 s.',
          story: 'log-storm',
          unit: 'seconds',
          noData: NO_CLUSTER_ROLE,
          width: 12,
          queries: [
            {
              expr: promql`histogram_quantile(1, ${perNode(promql`rate(${heartbeats.patchInterval}_bucket{${NODE}}[15m])`, 'le')})`,
              legend: 'longest',
            },
            { expr: promql`${STATUS_REPORT_INTERVAL.record}{${NODE}}`, legend: 'at the latest', limit: 'text' },
          ],
        },
      ],
    },
    {
      title: 'Does it wait for its disk or its processor?',
      panels: [
        { ...hangingThreads, width: 8 },
        { ...longestBlock, width: 8 },
        {
          kind: 'graph',
          title: 'Waiting for a processor',
          description:
            'Threads that are ready to run and wait, on average. Healthy is near 0; much here and nothing hanging in the kernel is a busy processor, not a disk.',
          story: 'log-storm',
          unit: 'count',
          noData: NO_NODE_ROLE,
          width: 8,
          queries: [
            {
              expr: perNode(promql`rate(${daemons.runDelay}{${NODE}}[$__rate_interval])`, 'daemon'),
              legend: '{{daemon}}',
            },
          ],
        },
        {
          kind: 'graph',
          title: 'Answers of the kubelet',
          description:
            'What 99 of 100 answers of its endpoints stay below. Healthy are milliseconds of /healthz; 61 s is no answer.',
          story: 'log-storm',
          unit: 'seconds',
          noData: 'No kubelet was asked',
          width: 8,
          queries: [
            {
              expr: promql`histogram_quantile(0.99, ${perNode(promql`rate(${endpointDuration}_bucket{${NODE}}[$__rate_interval])`, 'endpoint', 'le')})`,
              legend: '{{endpoint}}',
            },
          ],
        },
        {
          kind: 'graph',
          title: 'Scrapes of the kubelet',
          description:
            'What Prometheus waited for each of its endpoints. Of /metrics/cadvisor healthy is 0.2 s; in story 004 11 to 22 s.',
          story: 'log-storm',
          unit: 'seconds',
          noData: 'Prometheus does not scrape this kubelet',
          width: 8,
          queries: [
            {
              expr: ofTarget(promql`scrape_duration_seconds{${selectors.kubelet},${CLUSTER}}`, 'metrics_path'),
              legend: '{{metrics_path}}',
            },
          ],
          lines: { warning: 'heartbeat.cadvisor_seconds' },
          alerts: ['ForeshockCadvisorSlow'],
        },
        {
          kind: 'graph',
          title: 'Answers of the runtime',
          description:
            'What a ping of its socket takes. Healthy are milliseconds; in story 002 §1 Docker stood still, and after 3 min of that the kubelet makes the node NotReady.',
          story: 'zombie-pileup',
          unit: 'seconds',
          noData: 'No runtime has a socket here',
          width: 8,
          queries: [{ expr: perNode(promql`${runtime.duration}{${NODE}}`, 'runtime'), legend: '{{runtime}}' }],
          alerts: ['ForeshockRuntimeUnresponsive'],
        },
      ],
    },
    {
      title: 'Are pods late?',
      panels: [
        oldestPull,
        pullsInFlight,
        pullWait,
        { ...statusLag, width: 8 },
        { ...heldRequests, width: 8 },
        { ...requestWait, width: 8 },
      ],
    },
    {
      title: 'What is it told to do?',
      panels: [
        {
          kind: 'table',
          title: 'Limits in force',
          description:
            'From the configuration of the kubelet, with the defaults of its version. Story 002 §6 was healed by 30 requests a second instead of 5, story 002 §4 would have been by pulls that do not wait for each other.',
          story: 'status-throttle',
          unit: 'count',
          noData: 'The node role has found no kubelet here',
          width: 24,
          height: 4,
          labels: { node: 'Node' },
          columns: [
            { title: 'Requests a second', expr: perNode(promql`${kubelet.apiQps}{${NODE}}`) },
            { title: 'Requests at once', expr: perNode(promql`${kubelet.apiBurst}{${NODE}}`) },
            {
              title: 'One image at a time',
              expr: perNode(promql`${kubelet.serializeImagePulls}{${NODE}}`),
              states: [
                { value: 0, text: 'no', color: 'transparent' },
                { value: 1, text: 'yes', color: 'transparent' },
              ],
            },
            { title: 'Lease', expr: perNode(promql`${kubelet.leaseDuration}{${NODE}}`), unit: 'seconds' },
            {
              title: 'Status at the latest after',
              expr: perNode(promql`${kubelet.statusReportInterval}{${NODE}}`),
              unit: 'seconds',
            },
            { title: 'Images deleted from', expr: perNode(promql`${kubelet.imageGcHigh}{${NODE}}`), unit: 'ratio' },
            { title: 'Images deleted to', expr: perNode(promql`${kubelet.imageGcLow}{${NODE}}`), unit: 'ratio' },
          ],
          sortBy: 'Requests a second',
        },
      ],
    },
  ],
};

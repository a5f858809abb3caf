import * as logs from '../../exporter/node/collectors/container-logs.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { bytes, duration, type PrometheusDuration } from '../format.ts';
import { ofAlert, ofSeries, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { LOG_BYTES } from '../series/disk-owners.ts';
import { DAEMON_BLOCKED } from '../series/heartbeats.ts';
import { defineSignature } from '../signature.ts';

/** Bytes per second that each container writes to its log. */
export const LOG_RATE = `node_namespace_pod_container:${logs.written.name.replace(/_total$/, '')}:rate5m`;

/** Average seconds of a write to each disk, queueing included: `w_await` of iostat. */
export const DISK_WRITE_LATENCY = 'node_device:node_disk_write_latency_seconds:rate5m';

/** How long a high rate is tolerated while the disk keeps up. */
const HIGH_RATE_FOR: PrometheusDuration = '10m';

export const logStorm = defineSignature({
  id: 'log-storm',
  title: 'A container logs so much that the disk stalls, and the kubelet with it',
  story:
    'Story 004: a Java container logged 60 MB/s into a json log of 12 GB without a size limit. Writes took 5 to 20 s, kubelet ' +
    'threads were blocked for 10 s, the status came every 63 to 125 s instead of every 10 s, and the node was NotReady for a ' +
    'minute at a time. The kubelet logged nothing.',
  thresholds: {
    log_bytes_per_second: {
      default: 5e6,
      unit: 'bytes/second',
      help: 'Rate at which one container writes to its log. Healthy: up to 0.1 MB/s. Story 004: 60 MB/s.',
    },
    unbounded_log_bytes: {
      default: 2 ** 30,
      unit: 'bytes',
      help: 'Size of a log without a size limit. Healthy: 30 to 1000 MB, with rotation. Story 004: 12 GB.',
    },
    disk_write_latency_seconds: {
      default: 1,
      unit: 'seconds',
      help: 'Average time of a write to a disk. Healthy: 0.001 to 0.031 s. Story 004: 5 to 20 s.',
    },
    daemon_blocked_ratio: {
      default: 0.3,
      unit: 'ratio',
      help: 'Threads of the kubelet or a container runtime that are blocked in the kernel, on average. Healthy: below 0.01.',
    },
  },

  rules({ perNode, perTarget, nodeLabels, selectors, texts, thresholds }) {
    const device = selectors.node_exporter;
    const diskHangs = promql`
      (
        max by (${nodeLabels}) (${DISK_WRITE_LATENCY}) > ${thresholds.disk_write_latency_seconds}
        or
        max by (${nodeLabels}) (${DAEMON_BLOCKED}) > ${thresholds.daemon_blocked_ratio}
      )`;
    const latency = texts.lookup(
      (node) => `max(${DISK_WRITE_LATENCY}{${node}}) > ${thresholds.disk_write_latency_seconds}`,
      'A write to its disk takes {{ printf "%.1f" .Value }} s',
      'The kubelet or the container runtime is blocked by the disk',
    );
    const size = texts.lookup(
      (_, container) => `${LOG_BYTES}{${container}}`,
      'The log takes {{ .Value | humanize1024 }}B. ',
    );
    return {
      records: [
        { record: LOG_RATE, expr: perNode(promql`rate(${logs.written}[5m])`, ...OWNER_LABELS) },
        { record: LOG_BYTES, expr: perNode(promql`${logs.bytes}`, ...OWNER_LABELS) },
        {
          record: DISK_WRITE_LATENCY,
          expr: perTarget(
            promql`
              rate(node_disk_write_time_seconds_total{${device}}[5m])
              / (rate(node_disk_writes_completed_total{${device}}[5m]) > 0)`,
            'device',
          ),
        },
      ],
      alerts: [
        {
          name: 'ForeshockContainerLogStorm',
          severity: 'critical',
          expr: promql`
            ${LOG_RATE} > ${thresholds.log_bytes_per_second}
            and on (${nodeLabels})
            ${diskHangs}`,
          for: '1m',
          // Storms come in bursts, and their symptoms outlast them.
          keepFiringFor: '30m',
          lead:
            `None to spare: a node turns Unknown after ${texts.gracePeriod} without a heartbeat, and in the story one came every ` +
            '63 to 125 s while the disk hung. ForeshockContainerLogRateHigh fires first where the disk keeps up.',
          summary: 'A container logs so much that the disk of its node stalls.',
          description:
            `Container ${texts.owner()} on ${texts.node} writes {{ $value | humanize1024 }}B/s to its log. ` +
            `${latency}; the kubelet will miss heartbeats, and the node will turn NotReady. ${size}` +
            `Next: ${texts.logsCommand()} shows what it logs; lower its log level or scale it to 0.`,
          dashboard: 'foreshock-container-disk',
          explains: ['logs_grow', 'disk_slow', 'kubelet_slow', 'node_silent'],
        },
        {
          name: 'ForeshockContainerLogRateHigh',
          severity: 'warning',
          expr: promql`${LOG_RATE} > ${thresholds.log_bytes_per_second}`,
          for: HIGH_RATE_FOR,
          lead:
            `Hours while the disk keeps up: at ${bytes(thresholds.log_bytes_per_second)}/s a log grows by ` +
            `${bytes(3600 * thresholds.log_bytes_per_second)} an hour, and the disk stalls at the next burst.`,
          summary: 'A container writes to its log at a high rate.',
          description:
            `Container ${texts.owner()} on ${texts.node} has written {{ $value | humanize1024 }}B/s to its log for ${duration(HIGH_RATE_FOR)}. ` +
            `${size}Next: ${texts.logsCommand()} shows what it logs; the usual cause is the log level.`,
          dashboard: 'foreshock-container-disk',
          symptom: 'logs_grow',
        },
        {
          name: 'ForeshockContainerLogUnbounded',
          severity: 'warning',
          expr: promql`
            ${LOG_BYTES} > ${thresholds.unbounded_log_bytes}
            and
            ${perNode(promql`${logs.limit} == Inf`, ...OWNER_LABELS)}`,
          for: '15m',
          lead: `Days: ${bytes(thresholds.unbounded_log_bytes)} does no harm yet, but the log will not stop growing.`,
          summary: 'The log of a container is large and has no size limit.',
          description:
            `The log of container ${texts.owner()} on ${texts.node} takes {{ $value | humanize1024 }}B and has no size limit. ` +
            'Next: {{ if $labels.pod }}set `max-size` and `max-file` in `log-opts` of /etc/docker/daemon.json and restart dockerd' +
            '{{ else }}`--log-opt max-size=100m --log-opt max-file=3` of docker run, or `logging` in Compose{{ end }}; ' +
            'it applies only to newly created containers, a restart is not enough.',
          dashboard: 'foreshock-container-disk',
          symptom: 'logs_grow',
        },
        {
          name: 'ForeshockNodeDiskStall',
          severity: 'critical',
          expr: promql`
            ${DISK_WRITE_LATENCY} > ${thresholds.disk_write_latency_seconds}
            and
            ${perTarget(promql`rate(node_disk_io_time_seconds_total{${device}}[5m])`, 'device')} > 0.9`,
          for: '2m',
          keepFiringFor: '5m',
          lead: 'None to spare, as for ForeshockContainerLogStorm, which names the container if the cause is a log.',
          summary: 'Writes to a disk are very slow, and the disk is always busy.',
          description:
            `A write to ${shown(ofAlert('device'))} of ${texts.node} takes {{ printf "%.1f" $value }} s; milliseconds are normal. ` +
            texts.lookup(
              (node) => `topk(1, ${LOG_RATE}{${node}})`,
              `Container ${texts.owner(ofSeries)} logs most, {{ .Value | humanize1024 }}B/s. `,
            ) +
            'Next: `pidstat -d 3` on the node shows the processes that write.',
          dashboard: 'foreshock-node',
          symptom: 'disk_slow',
          explains: ['kubelet_slow', 'node_silent'],
        },
      ],
    };
  },
});

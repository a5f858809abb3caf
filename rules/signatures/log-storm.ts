import * as logs from '../../exporter/node/collectors/container-logs.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { promql } from '../promql.ts';
import { LOG_BYTES } from '../series/disk-owners.ts';
import { DAEMON_BLOCKED } from '../series/heartbeats.ts';
import { defineSignature } from '../signature.ts';

/** Bytes per second that each container writes to its log. */
export const LOG_RATE = `node_namespace_pod_container:${logs.written.name.replace(/_total$/, '')}:rate5m`;

/** Seconds that a write to each disk takes, from its queueing to its end: `w_await` of iostat. */
export const DISK_WRITE_LATENCY = 'node_device:node_disk_write_latency_seconds:rate5m';

export const logStorm = defineSignature({
  id: 'log-storm',
  title: 'A container logs so much that the disk, and with it the kubelet, stands still',
  story:
    'Story 004: a Java container logged 60 MB/s into a json log of 12 GB that nothing bounded; writes took 5 to 20 s, ' +
    'kubelet threads hung for 10 s, the status came every 63 to 125 s instead of every 10 s, and the node was NotReady ' +
    'for a minute at a time. The kubelet logged nothing.',
  thresholds: {
    log_bytes_per_second: {
      default: 5e6,
      unit: 'bytes/second',
      help: 'What one container writes to its log; a busy healthy one 0.1 MB/s, in the story 60 MB/s.',
    },
    unbounded_log_bytes: {
      default: 2 ** 30,
      unit: 'bytes',
      help: 'Size of a log that nothing bounds; rotated ones are 30 to 1000 MB, in the story 12 GB.',
    },
    disk_write_latency_seconds: {
      default: 1,
      unit: 'seconds',
      help: 'What a write takes on average; on the healthy node of the story 0.001 to 0.031 s, on the sick one 5 to 20 s.',
    },
    daemon_blocked_ratio: {
      default: 0.3,
      unit: 'ratio',
      help: 'Threads of the kubelet or a runtime that hang in the kernel at any time, on average; healthy below 0.01.',
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
      'Its kubelet or runtime hangs on the disk',
    );
    const size = texts.lookup(
      (_, container) => `${LOG_BYTES}{${container}}`,
      'Its log takes {{ .Value | humanize1024 }}B. ',
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
          // Storms come in bursts, and what they led to is over later than they are.
          keepFiringFor: '30m',
          lead:
            'None to spare: a node is given up 40 s after its last heartbeat, and in the story a heartbeat came every ' +
            '63 to 125 s while the disk hung. ForeshockContainerLogRateHigh comes first where the disk still keeps up.',
          summary: 'A container logs so much that the disk of its node stands still.',
          description:
            `Container ${texts.owner()} on ${texts.node} writes {{ $value | humanize1024 }}B/s to its log. ` +
            `${latency}; the kubelet will miss its heartbeats and the node turn NotReady. ${size}` +
            `Next: \`${texts.logsCommand()}\` shows what it logs; quieten it or scale it to 0.`,
          dashboard: 'foreshock-container-disk',
          explains: ['logs_grow', 'disk_slow', 'kubelet_slow', 'node_silent'],
        },
        {
          name: 'ForeshockContainerLogRateHigh',
          severity: 'warning',
          expr: promql`${LOG_RATE} > ${thresholds.log_bytes_per_second}`,
          for: '10m',
          lead: 'Hours where the disk keeps up: at 5 MB/s a log of 12 GB is there after 40 min, the stall comes with the next burst.',
          summary: 'A container writes much more to its log than is usual.',
          description:
            `Container ${texts.owner()} on ${texts.node} has written {{ $value | humanize1024 }}B/s to its log for ten minutes. ` +
            `${size}Next: \`${texts.logsCommand()}\` shows what it logs; a log level is mostly the cause.`,
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
          lead: 'Days: 1 GB of 60 GB is nothing yet, and it will not stop growing.',
          summary: 'The log of a container is large, and nothing bounds it.',
          description:
            `The log of container ${texts.owner()} on ${texts.node} takes {{ $value | humanize1024 }}B and nothing bounds it. ` +
            'Next: {{ if $labels.pod }}set `max-size` and `max-file` in `log-opts` of /etc/docker/daemon.json and restart dockerd' +
            '{{ else }}`--log-opt max-size=100m --log-opt max-file=3` of docker run, or `logging` of Compose{{ end }}; ' +
            'only containers made after that have them, restarted ones have not.',
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
          lead: 'None to spare, as of ForeshockContainerLogStorm, which names the culprit where it is a log.',
          summary: 'A disk takes seconds for a write, and is busy all the time.',
          description:
            `A write to {{ $labels.device }} of ${texts.node} takes {{ printf "%.1f" $value }} s; healthy are milliseconds. ` +
            texts.lookup(
              (node) => `topk(1, ${LOG_RATE}{${node}})`,
              `Of all containers ${texts.owner('.Labels')} logs most, {{ .Value | humanize1024 }}B/s. `,
            ) +
            'Next: `pidstat -d 3` on the node shows who writes.',
          dashboard: 'foreshock-node',
          symptom: 'disk_slow',
          explains: ['kubelet_slow', 'node_silent'],
        },
      ],
    };
  },
});

import { patchLag, patchTimestamp, renewTimestamp } from '../../exporter/cluster/watchers/heartbeats.ts';
import * as daemons from '../../exporter/node/collectors/daemons.ts';
import * as runtime from '../../exporter/node/collectors/runtime.ts';
import { promql } from '../promql.ts';
import { turnsTo } from '../series/condition-turns.ts';
import { DAEMON_BLOCKED, DAEMON_LONGEST_BLOCK, HEARTBEAT_AGE, heartbeatLate } from '../series/heartbeats.ts';
import { KUBELET_NODE } from '../series/node-identity.ts';
import { defineSignature } from '../signature.ts';

/** 1 while a runtime answers. */
export const RUNTIME_UP = `node_runtime:${runtime.up.name}:max`;

export const heartbeat = defineSignature({
  id: 'heartbeat',
  title: 'What the stories have in common: a kubelet or a runtime that is late, or silent',
  story:
    'Stories 000, 002 and 004: the node is Unknown for a minute or six, its pods are moved away, and nothing is in the ' +
    'logs. In 004 the status came every 63 to 125 s where 40 s are granted; /metrics/cadvisor took 11 to 22 s.',
  thresholds: {
    heartbeat_age_per_lease_duration: {
      default: 0.6,
      unit: 'ratio',
      help: 'Seconds without a heartbeat as a share of the lease duration (40 s); healthy is a quarter, given up is 1.',
    },
    readiness_losses: {
      default: 2,
      unit: 'count',
      help: 'How often a node turns Unknown in half an hour; once is a reboot.',
    },
    longest_block_seconds: {
      default: 5,
      unit: 'seconds',
      help: 'The longest that a thread of the kubelet may hang in the kernel; healthy below 1 s, in the story 10 s and more.',
    },
    status_patch_lag_seconds: {
      default: 20,
      unit: 'seconds',
      help: 'From computing the status of the node to its arrival; healthy below 1 s, in the story 65 s.',
    },
    cadvisor_seconds: {
      default: 10,
      unit: 'seconds',
      help: 'What one scrape of /metrics/cadvisor takes; healthy 0.2 s, in the story 11 to 22 s. Above the scrape timeout there is nothing to see.',
    },
  },

  rules(context) {
    const { nodeLabels, perNode, perTarget, selectors, texts, thresholds } = context;
    const renewed = perNode(promql`${renewTimestamp}`);
    const patched = perNode(promql`${patchTimestamp}`);
    const longest = texts.lookup(
      (node) => `max(${DAEMON_LONGEST_BLOCK}{${node},daemon="kubelet"}) > 1`,
      'A thread of its kubelet hung in the kernel for {{ printf "%.1f" .Value }} s, mostly waiting for a disk. ',
    );
    return {
      records: [
        {
          record: HEARTBEAT_AGE,
          expr: promql`
            time() - (
              ${renewed} > ${patched}
              or
              ${patched}
              or
              ${renewed}
            )`,
        },
        { record: DAEMON_BLOCKED, expr: perNode(promql`rate(${daemons.blocked}[5m])`, 'daemon') },
        { record: DAEMON_LONGEST_BLOCK, expr: perNode(promql`${daemons.longest}`, 'daemon') },
        { record: RUNTIME_UP, expr: perNode(promql`${runtime.up}`, 'runtime') },
      ],
      alerts: [
        {
          name: 'ForeshockKubeletHeartbeatLate',
          severity: 'warning',
          // A host that does not answer either is off or boots, which others tell.
          expr: promql`
            ${heartbeatLate(thresholds.heartbeat_age_per_lease_duration, context)}
            unless on (${nodeLabels})
            ${perNode(`min_over_time(up{${selectors.foreshock}}[10m])`)} == 0`,
          for: '30s',
          keepFiringFor: '15m',
          lead: 'Minutes: in the story gaps of 30 s came before those of 60 s and more; of a single long gap it is the news, not the warning.',
          summary: 'The heartbeat of a kubelet came late.',
          description:
            `The kubelet of ${texts.node} was not heard of for {{ printf "%.0f" $value }} s; it should be every 10 s, and the node is given up ` +
            `after 40 s. ${longest}` +
            'Next: `kubectl get lease -n kube-node-lease {{ $labels.node }} -o jsonpath={.spec.renewTime}`.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'node_silent',
        },
        {
          name: 'ForeshockNodeReadinessFlapping',
          severity: 'warning',
          expr: promql`
            (
              ${turnsTo('Ready', 'Unknown', '30m', context)}
            )
            >= ${thresholds.readiness_losses}`,
          lead: 'None: it has been lost already, for short. It is the sign that it will be again.',
          summary: 'A node turned Unknown more than once in half an hour.',
          description:
            `${texts.node} turned Unknown {{ $value }} times in half an hour; at each, its pods are taken out of their services. ${longest}` +
            'Next: `kubectl describe node {{ $labels.node }}` shows since when, the dashboard what else was then.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'node_silent',
        },
        {
          name: 'ForeshockKubeletBlocked',
          severity: 'warning',
          expr: promql`
            ${DAEMON_LONGEST_BLOCK}{daemon="kubelet"} > ${thresholds.longest_block_seconds}`,
          for: '1m',
          keepFiringFor: '10m',
          lead: 'Minutes: a thread that hangs for 10 s delays a heartbeat by as much, of 40 s granted.',
          summary: 'Threads of a kubelet hang in the kernel.',
          description:
            `A thread of the kubelet of ${texts.node} hung in the kernel for {{ printf "%.1f" $value }} s in the last five minutes, ` +
            'mostly waiting for a disk. Next: `iostat -d -x 2` on the node shows the disk, `pidstat -d 3` who writes.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'kubelet_slow',
        },
        {
          name: 'ForeshockStatusPatchLate',
          severity: 'warning',
          expr: promql`${perNode(promql`max_over_time(${patchLag}[5m])`)} > ${thresholds.status_patch_lag_seconds}`,
          keepFiringFor: '15m',
          lead: 'Minutes: the kubelet already takes half of the 40 s granted for one step of its heartbeat.',
          summary: 'A kubelet takes long from computing the status of its node to telling it.',
          description:
            `The kubelet of ${texts.node} took {{ printf "%.0f" $value }} s from computing the status of its node to telling it; healthy is below 1 s. ${longest}` +
            'Next: the dashboard shows whether it waits for its disk, for memory.stat, or for its own limit of requests.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'kubelet_slow',
        },
        {
          name: 'ForeshockCadvisorSlow',
          severity: 'warning',
          expr: promql`
            ${perTarget(`scrape_duration_seconds{${selectors.kubelet},metrics_path="/metrics/cadvisor"}`)}
            > ${thresholds.cadvisor_seconds}`,
          for: '5m',
          lead: 'Minutes: the kubelet reads for its own status what it reads for this.',
          summary: 'The kubelet takes long to answer /metrics/cadvisor.',
          description:
            `/metrics/cadvisor of ${texts.node} took {{ printf "%.1f" $value }} s; healthy is below 1 s. ${longest}` +
            'Next: the dashboard tells a slow disk from a slow memory.stat.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'kubelet_slow',
        },
        {
          name: 'ForeshockRuntimeUnresponsive',
          severity: 'critical',
          expr: promql`${RUNTIME_UP} == 0`,
          for: '2m',
          lead: '1 min: the kubelet makes the node NotReady when the runtime has not answered for 3 min.',
          summary: 'A container runtime does not answer.',
          description:
            `{{ $labels.runtime }} of ${texts.node} does not answer on its socket. ` +
            texts.lookup(
              (node) => `${KUBELET_NODE}{${node}}`,
              'The kubelet makes the node NotReady after 3 min of that. ',
              'No container can be started, stopped or looked at. ',
            ) +
            'Next: `journalctl -u {{ if eq $labels.runtime "cri-o" }}crio{{ else }}{{ $labels.runtime }}{{ end }} -n 50` on the node; ' +
            '`pthread_create failed` there means that process ids ran out.',
          dashboard: 'foreshock-node',
          symptom: 'kubelet_slow',
          explains: ['node_silent'],
        },
      ],
    };
  },
});

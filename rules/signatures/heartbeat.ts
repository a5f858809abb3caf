import * as heartbeats from '../../exporter/cluster/watchers/heartbeats.ts';
import * as daemons from '../../exporter/node/collectors/daemons.ts';
import * as runtime from '../../exporter/node/collectors/runtime.ts';
import { duration } from '../format.ts';
import { command, ofAlert, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { conditionTransitions } from '../series/condition-transitions.ts';
import { DAEMON_BLOCKED, DAEMON_LONGEST_BLOCK, HEARTBEAT_AGE, heartbeatLate } from '../series/heartbeats.ts';
import { ifAssumed, LEASE_DURATION, LEASE_RENEW_RATIO } from '../series/kubelet-thresholds.ts';
import { KUBELET_NODE } from '../series/node-identity.ts';
import { defineSignature } from '../signature.ts';

/** 1 while a runtime answers. */
export const RUNTIME_UP = `node_runtime:${runtime.up.name}:max`;

/** The time in which losses of readiness are counted. */
const FLAPPING_WINDOW = '30m';

export const heartbeat = defineSignature({
  id: 'heartbeat',
  title: 'The kubelet or the container runtime is late or silent, as in most stories',
  story:
    'Stories 000, 002 and 004: the node was Unknown for one to six minutes, its pods were moved away, and nothing was in the ' +
    'logs. In story 004 the status came every 63 to 125 s where 40 s were allowed; /metrics/cadvisor took 11 to 22 s.',
  thresholds: {
    heartbeat_age_per_lease_duration: {
      default: 0.6,
      unit: 'ratio',
      help: 'Time without a heartbeat, as a share of the lease duration (`nodeLeaseDurationSeconds` of the kubelet). Healthy: 0.25.',
    },
    readiness_losses: {
      default: 2,
      unit: 'count',
      help: `How often a node turns Unknown within ${duration(FLAPPING_WINDOW)}; once may be a reboot.`,
    },
    longest_block_seconds: {
      default: 5,
      unit: 'seconds',
      help: 'Longest time that a kubelet thread is blocked in the kernel. Healthy: below 1 s. Story 004: 10 s and more.',
    },
    status_patch_lag_seconds: {
      default: 20,
      unit: 'seconds',
      help: 'Time from computing the status of the node until it is in the API. Healthy: below 1 s. Story 004: 65 s.',
    },
    cadvisor_seconds: {
      default: 10,
      unit: 'seconds',
      help: 'Duration of a scrape of /metrics/cadvisor; must be below its scrape timeout. Healthy: 0.2 s. Story 004: 11 to 22 s.',
    },
  },

  rules(context) {
    const { nodeLabels, perNode, perTarget, selectors, texts, thresholds } = context;
    const renewed = perNode(promql`${heartbeats.renewTimestamp}`);
    const patched = perNode(promql`${heartbeats.patchTimestamp}`);
    const runtimeName = ofAlert('runtime');
    const longest = texts.lookup(
      (node) => `max(${DAEMON_LONGEST_BLOCK}{${node},daemon="kubelet"}) > 1`,
      'A kubelet thread was blocked in the kernel for {{ printf "%.1f" .Value }} s, usually waiting for a disk. ',
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
          // A host that does not answer either is off or boots: others alert on that.
          expr: promql`
            ${heartbeatLate(thresholds.heartbeat_age_per_lease_duration, context)}
            unless on (${nodeLabels})
            ${perNode(`min_over_time(up{${selectors.foreshock}}[10m])`)} == 0`,
          for: '30s',
          keepFiringFor: '15m',
          lead: 'Minutes: in the story gaps of 30 s came before those of 60 s and more. A single long gap is reported, not predicted.',
          summary: 'The heartbeat of a kubelet came late.',
          description:
            `The kubelet of ${texts.node} sent no heartbeat for {{ printf "%.0f" $value }} s` +
            texts.lookup(
              (node) => `${LEASE_RENEW_RATIO} * ${LEASE_DURATION.record}{${node}}`,
              `; one is due every {{ .Value }} s${ifAssumed(texts, 'nodeLeaseDurationSeconds')}`,
            ) +
            `, and after ${texts.gracePeriod} without one the node turns Unknown. ${longest}` +
            `Next: ${command`kubectl get lease -n kube-node-lease ${ofAlert('node')} -o yaml | grep renewTime`} shows the last one.`,
          dashboard: 'foreshock-kubelet-api',
          symptom: 'node_silent',
        },
        {
          name: 'ForeshockNodeReadinessFlapping',
          severity: 'warning',
          expr: promql`
            (
              ${conditionTransitions('Ready', 'Unknown', FLAPPING_WINDOW, context)}
            )
            >= ${thresholds.readiness_losses}`,
          lead: 'None: the node was lost already, for a short time. It is likely to be lost again.',
          summary: 'A node keeps turning Unknown.',
          description:
            `${texts.node} turned Unknown ${texts.times} in ${duration(FLAPPING_WINDOW)}; each time its pods were removed from ` +
            `their services. ${longest}` +
            `Next: ${command`kubectl describe node ${ofAlert('node')}`} shows since when, the dashboard what else happened then.`,
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
          lead:
            `Minutes: a thread that is blocked for ${duration(thresholds.longest_block_seconds)} can delay a heartbeat by as much, ` +
            `and after ${texts.gracePeriod} without one the node turns Unknown.`,
          summary: 'A kubelet thread is blocked in the kernel.',
          description:
            `A kubelet thread of ${texts.node} was blocked in the kernel for {{ printf "%.1f" $value }} s in the last 5 min, ` +
            'usually waiting for a disk. Next: `iostat -d -x 2` on the node shows the disk, `pidstat -d 3` the processes that write.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'kubelet_slow',
        },
        {
          name: 'ForeshockStatusPatchLate',
          severity: 'warning',
          expr: promql`${perNode(promql`max_over_time(${heartbeats.patchLag}[5m])`)} > ${thresholds.status_patch_lag_seconds}`,
          keepFiringFor: '15m',
          lead:
            `Minutes: a single step of the heartbeat takes ${duration(thresholds.status_patch_lag_seconds)}, and after ` +
            `${texts.gracePeriod} without a heartbeat the node turns Unknown.`,
          summary: 'A kubelet reports the status of its node late.',
          description:
            `The kubelet of ${texts.node} took {{ printf "%.0f" $value }} s from computing the status of its node to ` +
            `reporting it; below 1 s is normal. ${longest}` +
            'Next: the dashboard shows whether it waits for its disk, for memory.stat or for its own API rate limit.',
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
          lead: 'Minutes: the kubelet reads the same data for its own status.',
          summary: 'The kubelet is slow to answer /metrics/cadvisor.',
          description:
            `A scrape of /metrics/cadvisor of ${texts.node} took {{ printf "%.1f" $value }} s; below 1 s is normal. ${longest}` +
            'Next: the dashboard shows whether the disk or memory.stat is slow.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'kubelet_slow',
        },
        {
          name: 'ForeshockRuntimeUnresponsive',
          severity: 'critical',
          expr: promql`${RUNTIME_UP} == 0`,
          for: '2m',
          lead: 'None on Kubernetes, where the node turns NotReady before it fires. The alert gives the cause.',
          summary: 'A container runtime does not answer.',
          description:
            `${shown(runtimeName)} of ${texts.node} does not answer on its socket. ` +
            texts.lookup(
              (node) => `${KUBELET_NODE}{${node}}`,
              'If it is the runtime of the kubelet, the node turns NotReady. ',
              'Containers keep running, but none can be started, stopped or inspected. ',
            ) +
            `Next: {{ if eq ${runtimeName.field} "cri-o" }}\`journalctl -u crio -n 50\`{{ else }}${command`journalctl -u ${runtimeName} -n 50`}{{ end }} on the node; ` +
            '`pthread_create failed` there means that the PIDs ran out.',
          dashboard: 'foreshock-node',
          symptom: 'kubelet_slow',
          explains: ['node_silent'],
        },
      ],
    };
  },
});

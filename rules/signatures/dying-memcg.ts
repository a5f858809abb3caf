import * as containers from '../../exporter/node/collectors/containers.ts';
import * as memoryCgroups from '../../exporter/node/collectors/memory-cgroups.ts';
import { duration } from '../format.ts';
import { ofSeries, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { defineSignature } from '../signature.ts';

/** Average time of a read of memory.stat, of the root cgroup and those that contain containers. */
export const MEMORY_STAT_READ = `node_cgroup:${memoryCgroups.readDuration.name}:mean10m`;

/** Memory cgroups that are deleted but still charged with memory. */
export const DYING_CGROUPS = `node:${memoryCgroups.dying.name}:max`;

/** CPU cores that each kubelet uses. */
export const KUBELET_CPU = 'node:kubelet_cpu_seconds:rate5m';

/** 1 for each pod with containers that run or have left files. */
export const PODS = `node_namespace_pod:${containers.containerInfo.name}:max`;

/** The time in which pods of CronJobs are counted. */
const CRON_JOB_WINDOW = '6h';

/**
 * `<name>-<scheduled time>-<random>`, as the controllers of CronJobs and Jobs name pods; the time was in seconds before
 * Kubernetes 1.21 and is in minutes since (pkg/controller/cronjob/utils.go, getJobName).
 */
const POD_OF_CRON_JOB = '(.+)-[0-9]{8,10}-[a-z0-9]{5}';

export const dyingMemcg = defineSignature({
  id: 'dying-memcg',
  title: 'Deleted memory cgroups make every read of memory.stat slow',
  story:
    'Story 002 §2: pods of cron jobs left deleted cgroups behind that were still charged with pages. Kernels before 4.16 sum ' +
    'up all of them, for each CPU, at every read: memory.stat took 1.2 s instead of 0.01 s, and these reads a third of the ' +
    "kubelet's CPU time. Writing to drop_caches, which should have freed the cgroups, hung the machine.",
  thresholds: {
    memory_stat_read_seconds: {
      default: 0.1,
      unit: 'seconds',
      help: 'Average time of a read of memory.stat. Healthy: 0.01 s or less. Story 002: 1.2 s.',
    },
    dying_cgroups: {
      default: 2000,
      unit: 'count',
      help: 'Memory cgroups that are deleted but still charged. Healthy: tens to hundreds.',
    },
    kubelet_cores: {
      default: 1,
      unit: 'cores',
      help: 'CPU cores that the kubelet of a small node uses. Healthy: 0.05 to 0.5.',
    },
    kubelet_cores_per_pod: {
      default: 0.01,
      unit: 'cores',
      help: 'CPU cores per pod that the kubelet uses; the larger of the two limits counts. Healthy: 0.003.',
    },
  },

  rules({ perNode, perTarget, nodeLabels, selectors, texts, thresholds }) {
    const { readDuration, dying } = memoryCgroups;
    const pods = promql`count by (${nodeLabels}) (${PODS})`;
    const cronJob = texts.lookup(
      (node) =>
        `topk(1, count by (namespace, cronjob) (label_replace(last_over_time(${PODS}{${node},pod=~"${POD_OF_CRON_JOB}"}[${CRON_JOB_WINDOW}]), ` +
        `"cronjob", "$1", "pod", "${POD_OF_CRON_JOB}")))`,
      `CronJob ${shown(ofSeries('namespace'))}/${shown(ofSeries('cronjob'))} had the most pods here in the last ` +
        `${duration(CRON_JOB_WINDOW)}: {{ .Value }}. `,
    );
    return {
      records: [
        {
          record: MEMORY_STAT_READ,
          expr: perNode(
            promql`
              rate(${readDuration}_sum[10m])
              / (rate(${readDuration}_count[10m]) > 0)`,
            'cgroup',
          ),
        },
        { record: DYING_CGROUPS, expr: perNode(promql`${dying}`) },
        { record: KUBELET_CPU, expr: perTarget(`rate(process_cpu_seconds_total{${selectors.kubelet}}[5m])`) },
        {
          record: PODS,
          expr: perNode(promql`${containers.containerInfo}{pod!=""}`, 'namespace', 'pod'),
        },
      ],
      alerts: [
        {
          name: 'ForeshockMemoryStatSlow',
          severity: 'warning',
          expr: promql`
            max by (${nodeLabels}) (${MEMORY_STAT_READ}) > ${thresholds.memory_stat_read_seconds}`,
          // Longer than a single slow read counts in the mean.
          for: '15m',
          lead: `Days: reads slow down as cgroups pile up, from ${duration(thresholds.memory_stat_read_seconds)} to the 1.2 s of the story.`,
          summary: 'Reading memory.stat is slow, and the kubelet waits for it.',
          description:
            `A read of memory.stat on ${texts.node} takes {{ $value | humanizeDuration }}; 10ms is normal. ` +
            texts.lookup(
              (node) => `topk(1, ${MEMORY_STAT_READ}{${node}})`,
              `Slowest is that of cgroup ${shown(ofSeries('cgroup'))}. `,
            ) +
            texts.lookup(
              (node) => `${DYING_CGROUPS}{${node}}`,
              '{{ .Value }} memory cgroups are deleted but still charged. ',
            ) +
            texts.lookup((node) => `${KUBELET_CPU}{${node}}`, 'The kubelet uses {{ printf "%.2f" .Value }} cores. ') +
            `${cronJob}Do not write to drop_caches: it has hung such a machine. ` +
            'Next: `uname -r` on the node: kernels before 4.16 sum up all deleted cgroups at each read; drain and reboot the node, ' +
            'and upgrade its kernel.',
          dashboard: 'foreshock-kubelet-api',
          explains: ['kubelet_busy', 'cgroups_linger'],
        },
        {
          name: 'ForeshockDyingMemoryCgroups',
          severity: 'warning',
          expr: promql`${DYING_CGROUPS} > ${thresholds.dying_cgroups}`,
          for: '1h',
          lead: 'Days to weeks until reads get slow, depending on how many pods come and go.',
          summary: 'Deleted memory cgroups pile up in the kernel.',
          description:
            `{{ $value }} memory cgroups of ${texts.node} are deleted but still charged with pages. ${cronJob}` +
            texts.lookup(
              (node) => `max(${MEMORY_STAT_READ}{${node}})`,
              'A read of memory.stat takes {{ .Value | humanizeDuration }}; 10ms is normal. ',
            ) +
            'Next: `uname -r` on the node: with kernels before 4.16 they slow down reads; `kubectl get cronjobs -A` lists the jobs that ' +
            'may create them.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'cgroups_linger',
        },
        {
          name: 'ForeshockKubeletCPUHigh',
          severity: 'warning',
          // Not compared with the day before: in the story it grew so slowly that no day differed from the one before.
          expr: promql`
            ${KUBELET_CPU} > ${thresholds.kubelet_cores}
            unless
            ${KUBELET_CPU} < ${thresholds.kubelet_cores_per_pod} * ${pods}`,
          for: '30m',
          lead: 'Unknown: it has several causes, and most take days to make a kubelet late.',
          summary: 'A kubelet uses more CPU time than its pods explain.',
          description:
            `The kubelet of ${texts.node} uses {{ $value | printf "%.2f" }} cores` +
            texts.lookup((node) => `count(${PODS}{${node}})`, ' for {{ .Value }} pods') +
            '; 0.05 to 0.5 is normal. ' +
            texts.lookup(
              (node) => `max(${MEMORY_STAT_READ}{${node}})`,
              'A read of memory.stat takes {{ .Value | humanizeDuration }}; 10ms is normal. ',
            ) +
            'Next: `perf top -p $(pidof kubelet)` on the node shows its functions; memcg or cgroup in their names means that it reads ' +
            'statistics.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'kubelet_busy',
        },
      ],
    };
  },
});

import { containerInfo } from '../../exporter/node/collectors/containers.ts';
import * as memory from '../../exporter/node/collectors/memory-cgroups.ts';
import { promql } from '../promql.ts';
import { defineSignature } from '../signature.ts';

/** What one read of memory.stat took on average, of the root cgroup and those with containers. */
export const MEMORY_STAT_READ = `node_cgroup:${memory.readDuration.name}:mean10m`;

/** Memory cgroups that were removed and still have memory charged to them. */
export const DYING_CGROUPS = `node:${memory.dying.name}:max`;

/** Cores that each kubelet uses. */
export const KUBELET_CPU = 'node:kubelet_cpu_seconds:rate5m';

/** 1 for each pod with containers that run or have left files. */
export const PODS = `node_namespace_pod:${containerInfo.name}:max`;

/**
 * `<name>-<scheduled time>-<random>`, as the controllers of CronJobs and Jobs name pods; the time was in seconds before
 * Kubernetes 1.21 and is in minutes since (pkg/controller/cronjob/utils.go, getJobName).
 */
const POD_OF_CRON_JOB = '(.+)-[0-9]{8,10}-[a-z0-9]{5}';

export const dyingMemcg = defineSignature({
  id: 'dying-memcg',
  title: 'Deleted memory cgroups make every read of memory.stat slow',
  story:
    'Story 002 §2: the pods of cron jobs left cgroups to which pages stayed charged, and a kernel before 4.16 adds all ' +
    'of them up, for each processor, at every read. A read of memory.stat took 1.2 s instead of 0.01 s, and such reads a ' +
    'third of the CPU time of the kubelet; drop_caches, which should have freed the cgroups, hung the machine.',
  thresholds: {
    memory_stat_read_seconds: {
      default: 0.1,
      unit: 'seconds',
      help: 'What a read of memory.stat takes on average; healthy 0.01 s or less, in the story 1.2 s.',
    },
    dying_cgroups: {
      default: 2000,
      unit: 'count',
      help: 'Memory cgroups that are removed and not gone; healthy are tens to hundreds. The story does not say its number.',
    },
    kubelet_cores: {
      default: 1,
      unit: 'cores',
      help: 'What the kubelet of a node of up to 100 pods uses; healthy 0.05 to 0.5 cores.',
    },
    kubelet_cores_per_pod: {
      default: 0.01,
      unit: 'cores',
      help: 'The same for each pod of the node, where that is more: a node of 250 pods may use 2.5 cores. Healthy is 0.003.',
    },
  },

  rules({ perNode, perTarget, nodeLabels, selectors, texts, thresholds }) {
    const { readDuration, dying } = memory;
    const pods = promql`count by (${nodeLabels}) (${PODS})`;
    const cronJob = texts.lookup(
      (node) =>
        `topk(1, count by (namespace, cronjob) (label_replace(last_over_time(${PODS}{${node},pod=~"${POD_OF_CRON_JOB}"}[6h]), ` +
        `"cronjob", "$1", "pod", "${POD_OF_CRON_JOB}")))`,
      'Of all CronJobs {{ .Labels.namespace }}/{{ .Labels.cronjob }} had the most pods here in the last six hours, {{ .Value }}. ',
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
          expr: perNode(promql`${containerInfo}{pod!=""}`, 'namespace', 'pod'),
        },
      ],
      alerts: [
        {
          name: 'ForeshockMemoryStatSlow',
          severity: 'warning',
          expr: promql`
            max by (${nodeLabels}) (${MEMORY_STAT_READ}) > ${thresholds.memory_stat_read_seconds}`,
          // Longer than a single slow read stays in the mean.
          for: '15m',
          lead: 'Days: reads get slower as cgroups pile up, and 0.1 s is a twelfth of what the story found.',
          summary: 'The kernel takes long to tell what memory cgroups use, and the kubelet waits for it.',
          description:
            `A read of memory.stat on ${texts.node} takes {{ $value | humanizeDuration }}; healthy is 10ms. ` +
            texts.lookup(
              (node) => `topk(1, ${MEMORY_STAT_READ}{${node}})`,
              'Slowest is the cgroup {{ .Labels.cgroup }}. ',
            ) +
            texts.lookup((node) => `${DYING_CGROUPS}{${node}}`, '{{ .Value }} deleted cgroups are not gone. ') +
            texts.lookup((node) => `${KUBELET_CPU}{${node}}`, 'The kubelet uses {{ printf "%.2f" .Value }} cores. ') +
            `${cronJob}Next: \`uname -r\` on the node: before 4.16 each read adds up all of them; until it is newer, drain and reboot the node. ` +
            'Do not write to drop_caches: that has hung such a machine.',
          dashboard: 'foreshock-kubelet-api',
          explains: ['kubelet_busy', 'cgroups_linger'],
        },
        {
          name: 'ForeshockDyingMemoryCgroups',
          severity: 'warning',
          expr: promql`${DYING_CGROUPS} > ${thresholds.dying_cgroups}`,
          for: '1h',
          lead: 'Days to weeks before reads are slow, by how many pods come and go.',
          summary: 'Memory cgroups of containers that are gone pile up in the kernel.',
          description:
            `{{ $value }} memory cgroups of ${texts.node} are deleted and not gone, because pages are still charged to them. ${cronJob}` +
            texts.lookup(
              (node) => `max(${MEMORY_STAT_READ}{${node}})`,
              'A read of memory.stat takes {{ .Value | humanizeDuration }}; healthy is 10ms. ',
            ) +
            'Next: `uname -r` on the node: before 4.16 they make reads slow; `kubectl get cronjobs -A` shows what makes so many.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'cgroups_linger',
        },
        {
          name: 'ForeshockKubeletCPUHigh',
          severity: 'warning',
          // Nothing of a day ago: in the story it grew so slowly that no day was unlike the one before.
          expr: promql`
            ${KUBELET_CPU} > ${thresholds.kubelet_cores}
            unless
            ${KUBELET_CPU} < ${thresholds.kubelet_cores_per_pod} * ${pods}`,
          for: '30m',
          lead: 'Unknown: it is the sign of several causes, of which most take days to make a kubelet late.',
          summary: 'A kubelet uses several times the CPU time that its pods are worth.',
          description:
            `The kubelet of ${texts.node} uses {{ $value | printf "%.2f" }} cores` +
            texts.lookup((node) => `count(${PODS}{${node}})`, ' for {{ .Value }} pods') +
            '; healthy are 0.05 to 0.5. ' +
            texts.lookup(
              (node) => `max(${MEMORY_STAT_READ}{${node}})`,
              'A read of memory.stat takes {{ .Value | humanizeDuration }}; healthy is 10ms. ',
            ) +
            'Next: `perf top -p $(pidof kubelet)` on the node shows what it does; memcg or cgroup in the names means that it reads statistics.',
          dashboard: 'foreshock-kubelet-api',
          symptom: 'kubelet_busy',
        },
      ],
    };
  },
});

import * as pids from '../../exporter/node/collectors/pids.ts';
import * as zombies from '../../exporter/node/collectors/zombies.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { promql } from '../promql.ts';
import { defineSignature } from '../signature.ts';

/** Zombies of each container that has some, or of each cgroup outside of containers. */
export const ZOMBIES = `node_namespace_pod_container_cgroup:${zombies.zombieProcesses.name}:max`;

/** Zombies by who does not reap them. */
export const ZOMBIE_PARENTS = `node_namespace_pod_container_cgroup_command:${zombies.parents.name}:max`;

/** Threads and zombies of each node, which take up process ids. */
export const PIDS_USED = `node:${pids.used.name}:max`;

/** How many of them each node can have. */
export const PIDS_LIMIT = `node:${pids.limit.name}:max`;

/** Threads and zombies of each container that has more than 100, as the kubelet's cAdvisor counts them. */
export const CONTAINER_THREADS = 'node_namespace_pod_container:container_threads:max';

export const zombiePileup = defineSignature({
  id: 'zombie-pileup',
  title: 'A parent that does not reap its children uses up the process ids',
  story:
    'Story 002 §1: supercronic ran as the first process of a container and did not wait for what its jobs had left. ' +
    '19,782 zombies of curl later, of 32,768 process ids (pid_max), pthread_create failed and Docker froze.',
  thresholds: {
    zombies: {
      default: 200,
      unit: 'count',
      help: 'Zombies of one container; healthy are a handful for a moment, in the story 19,782.',
    },
    zombies_per_limit: {
      default: 0.01,
      unit: 'ratio',
      help: 'Zombies of one container as a share of the process ids of the node; in the story 0.6.',
    },
    pids_near_limit: {
      default: 0.8,
      unit: 'ratio',
      help: 'Process ids in use as a share of the limit that is worth a warning; a healthy node uses 0.03.',
    },
    pids_exhausted: {
      default: 0.9,
      unit: 'ratio',
      help: 'Process ids in use as a share of the limit that wakes someone; at 1 nothing starts any more.',
    },
    container_limit_hits: {
      default: 1,
      unit: 'count',
      help: 'Forks that fail within 10 min at the limit of a container; healthy are none.',
    },
  },

  rules({ perNode, perTarget, nodeLabels, selectors, texts, thresholds }) {
    const usage = promql`${PIDS_USED} / ${PIDS_LIMIT}`;
    const place = `{{ if $labels.container }}Container ${texts.owner()}{{ else }}Cgroup {{ $labels.cgroup }}{{ end }}`;
    const theirPlace = `{{ if .Labels.container }}container ${texts.owner('.Labels')}{{ else }}cgroup {{ .Labels.cgroup }}{{ end }}`;
    const left = (node: string) => `(${PIDS_LIMIT}{${node}} - ${PIDS_USED}{${node}})`;
    const restart =
      '{{ if .Labels.pod }}`kubectl -n {{ .Labels.namespace }} delete pod {{ .Labels.pod }}` ends them' +
      '{{ else if .Labels.container }}`docker restart {{ .Labels.container }}` ends them' +
      '{{ else }}restart what runs there, which ends them{{ end }}.';
    const mostThreads = 'Next: `ps -eo nlwp,pid,comm --sort=-nlwp | head` on the node shows whose they are.';
    const culprit = texts.lookup(
      (node) => `topk(1, ${ZOMBIE_PARENTS}{${node}}) > ${thresholds.zombies}`,
      `{{ .Value }} of them are zombies that {{ .Labels.command }} of ${theirPlace} does not reap. Next: ${restart}`,
      texts.lookup(
        (node) => `topk(1, ${CONTAINER_THREADS}{${node}})`,
        `Few are zombies; container ${texts.owner('.Labels')} has the most threads, {{ .Value }}. ${mostThreads}`,
        `Few are zombies, so they are threads. ${mostThreads}`,
      ),
    );
    const runOut = texts.lookup(
      (node) => `${left(node)} / (deriv(${PIDS_USED}{${node}}[1h]) > 0)`,
      'At this growth they run out in {{ .Value | humanizeDuration }}. ',
    );
    return {
      records: [
        { record: ZOMBIES, expr: perNode(promql`${zombies.zombieProcesses} > 0`, ...OWNER_LABELS, 'cgroup') },
        { record: ZOMBIE_PARENTS, expr: perNode(promql`${zombies.parents}`, ...OWNER_LABELS, 'cgroup', 'command') },
        { record: PIDS_USED, expr: perNode(promql`${pids.used}`) },
        { record: PIDS_LIMIT, expr: perNode(promql`${pids.limit}`) },
        {
          record: CONTAINER_THREADS,
          expr: perTarget(`container_threads{${selectors.kubelet},container!=""} > 100`, ...OWNER_LABELS),
        },
      ],
      alerts: [
        {
          name: 'ForeshockPidsExhausted',
          severity: 'critical',
          expr: promql`${usage} > ${thresholds.pids_exhausted}`,
          for: '2m',
          // ForeshockKubeletHeartbeatLate, which it mutes, fires for as long after the last late heartbeat.
          keepFiringFor: '20m',
          lead:
            'The time in which the last tenth is taken: 55 min of the 3,277 process ids of the story at one zombie a second. ' +
            'The runtime cannot fork below that, and the kubelet makes the node NotReady 3 min later.',
          summary: 'A node has hardly any process ids left.',
          description:
            `${texts.node} uses {{ $value | humanizePercentage }} of its process ids; without one nothing forks, and the runtime freezes. ` +
            `${runOut}${culprit} If nothing forks any more: \`echo 131072 > /proc/sys/kernel/pid_max\` in an open root shell buys time.`,
          dashboard: 'foreshock-node',
          explains: ['pids_short', 'kubelet_slow', 'node_silent'],
        },
        {
          name: 'ForeshockPidsNearLimit',
          severity: 'warning',
          expr: promql`${usage} > ${thresholds.pids_near_limit}`,
          for: '5m',
          lead: 'Hours as a rule: a leak that took 0.8 of the process ids in days takes the rest in a quarter of that time.',
          summary: 'A node uses most of its process ids.',
          description: `${texts.node} uses {{ $value | humanizePercentage }} of its process ids. ${runOut}${culprit}`,
          dashboard: 'foreshock-node',
          symptom: 'pids_short',
        },
        {
          name: 'ForeshockZombiePileup',
          severity: 'warning',
          expr: promql`
            ${ZOMBIES} > ${thresholds.zombies}
            and
            ${ZOMBIES} > on (${nodeLabels}) group_left () ${thresholds.zombies_per_limit} * ${PIDS_LIMIT}`,
          for: '15m',
          lead: 'Hours to days: at the one zombie a second of a busy crontab 32,768 process ids last nine hours.',
          summary: 'A process does not reap its children, and zombies pile up.',
          description:
            `${place} on ${texts.node} has {{ $value }} zombies` +
            texts.lookup(
              (_, container) => `topk(1, ${ZOMBIE_PARENTS}{${container}})`,
              ', of which {{ .Labels.command }} does not reap {{ .Value }}. ',
              '. ',
            ) +
            texts.lookup(
              (node, container) =>
                `${left(node)} / on (${nodeLabels}) group_right () (deriv(${ZOMBIES}{${container}}[1h]) > 0)`,
              'At this growth the node runs out of process ids in {{ .Value | humanizeDuration }}. ',
            ) +
            "Next: `ps -eo ppid=,stat= | awk '$2 ~ /^Z/ {n[$1]++} END {for (p in n) print n[p], p}' | sort -rn | head` on the node " +
            'shows the parents; zombies go when the parent, or its container, ends.',
          dashboard: 'foreshock-node',
          symptom: 'pids_short',
        },
        {
          name: 'ForeshockContainerPidsLimitHit',
          severity: 'warning',
          expr: promql`
            round(${perNode(promql`increase(${pids.limitHits}[10m])`, ...OWNER_LABELS)}) >= ${thresholds.container_limit_hits}`,
          keepFiringFor: '15m',
          lead: 'The node is in no danger from it: the limit holds. The container fails already.',
          summary: 'A container cannot fork, because of its own limit of processes.',
          description:
            `Container ${texts.owner()} on ${texts.node} could not fork {{ $value }} times in ten minutes, because it or its pod has as many ` +
            'threads as its limit allows. ' +
            texts.lookup(
              (_, container) => `topk(1, ${ZOMBIE_PARENTS}{${container}})`,
              '{{ .Value }} of them are zombies that {{ .Labels.command }} does not reap. ',
            ) +
            `Next: \`${texts.logsCommand()}\` shows what fails; the limit is podPidsLimit of the kubelet, or --pids-limit of Docker.`,
          dashboard: 'foreshock-node',
        },
      ],
    };
  },
});

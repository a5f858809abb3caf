import * as pids from '../../exporter/node/collectors/pids.ts';
import * as zombies from '../../exporter/node/collectors/zombies.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import { duration, percent } from '../format.ts';
import { command, ofAlert, ofSeries, shown } from '../labels.ts';
import { promql } from '../promql.ts';
import { defineSignature } from '../signature.ts';

/** Zombies of each container that has any, or of each cgroup outside of containers. */
export const ZOMBIES = `node_namespace_pod_container_cgroup:${zombies.zombieProcesses.name}:max`;

/** Zombies by the parent that does not reap them. */
export const ZOMBIE_PARENTS = `node_namespace_pod_container_cgroup_command:${zombies.parents.name}:max`;

/** PIDs in use on each node, by threads and zombies. */
export const PIDS_USED = `node:${pids.used.name}:max`;

/** The PID limit of each node. */
export const PIDS_LIMIT = `node:${pids.limit.name}:max`;

/** Threads and zombies of each container that has more than 100, as the kubelet's cAdvisor counts them. */
export const CONTAINER_THREADS = 'node_namespace_pod_container:container_threads:max';

/** The default of pid_max on small machines, for examples. */
const PID_MAX = 32_768;

/** The time in which failed forks are counted. */
const HITS_WINDOW = '10m';

export const zombiePileup = defineSignature({
  id: 'zombie-pileup',
  title: 'A parent that does not reap its children uses up the PIDs of the node',
  story:
    'Story 002 §1: supercronic ran as PID 1 of a container and did not reap the processes that its jobs left behind. With ' +
    '19,782 zombies of curl and a pid_max of 32,768, pthread_create failed and Docker froze.',
  thresholds: {
    zombies: {
      default: 200,
      unit: 'count',
      help: 'Zombie processes of one container. Healthy: a handful, for a moment. Story 002: 19,782.',
    },
    zombies_per_limit: {
      default: 0.01,
      unit: 'ratio',
      help: 'Zombie processes of one container as a share of the PID limit of the node; both limits must be exceeded. Story 002: 0.6.',
    },
    pids_near_limit: {
      default: 0.8,
      unit: 'ratio',
      help: 'PIDs in use as a share of the limit, for a warning. Healthy: 0.03.',
    },
    pids_exhausted: {
      default: 0.9,
      unit: 'ratio',
      help: 'PIDs in use as a share of the limit, for a page. At 1 no process can start.',
    },
    container_limit_hits: {
      default: 1,
      unit: 'count',
      help: `Forks that fail within ${duration(HITS_WINDOW)} at the PID limit of a container. Healthy: none.`,
    },
  },

  rules({ perNode, perTarget, nodeLabels, selectors, texts, thresholds }) {
    const usage = promql`${PIDS_USED} / ${PIDS_LIMIT}`;
    const place = `{{ if $labels.container }}Container ${texts.owner()}{{ else }}Cgroup ${shown(ofAlert('cgroup'))}{{ end }}`;
    const theirPlace = `{{ if .Labels.container }}container ${texts.owner(ofSeries)}{{ else }}cgroup ${shown(ofSeries('cgroup'))}{{ end }}`;
    const process = shown(ofSeries('command'));
    const left = (node: string) => `(${PIDS_LIMIT}{${node}} - ${PIDS_USED}{${node}})`;
    const restart =
      `{{ if .Labels.pod }}${command`kubectl -n ${ofSeries('namespace')} delete pod ${ofSeries('pod')}`} removes them` +
      `{{ else if .Labels.container }}${command`docker restart ${ofSeries('container')}`} removes them` +
      '{{ else }}restart that service to remove them{{ end }}.';
    const mostThreads =
      'Next: `ps -eo nlwp,pid,comm --sort=-nlwp | head` on the node shows the processes with the most threads.';
    const culprit = texts.lookup(
      (node) => `topk(1, ${ZOMBIE_PARENTS}{${node}}) > ${thresholds.zombies}`,
      `{{ .Value }} of them are zombies that ${process} in ${theirPlace} does not reap. Next: ${restart}`,
      texts.lookup(
        (node) => `topk(1, ${CONTAINER_THREADS}{${node}})`,
        `Few are zombies; container ${texts.owner(ofSeries)} has the most threads, {{ .Value }}. ${mostThreads}`,
        `Few are zombies, so most are threads. ${mostThreads}`,
      ),
    );
    const runOut = texts.lookup(
      (node) => `${left(node)} / (deriv(${PIDS_USED}{${node}}[1h]) > 0)`,
      'At this rate they run out in {{ .Value | humanizeDuration }}. ',
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
          // ForeshockKubeletHeartbeatLate, which it inhibits, fires for as long after the last late heartbeat.
          keepFiringFor: '20m',
          lead:
            `The time until the last ${percent(1 - thresholds.pids_exhausted)} are taken: about ` +
            `${duration(60 * Math.round(((1 - thresholds.pids_exhausted) * PID_MAX) / 60))} with a pid_max of ` +
            `${PID_MAX.toLocaleString('en')} and one zombie a second. Then the runtime cannot fork, and the node turns NotReady.`,
          summary: 'A node has almost no PIDs left.',
          description:
            `${texts.node} uses {{ $value | humanizePercentage }} of its PIDs; without a free PID no process can fork, and the ` +
            `container runtime freezes. ${runOut}${culprit} If nothing can fork any more, ` +
            '`echo 131072 > /proc/sys/kernel/pid_max` in an open root shell buys time.',
          dashboard: 'foreshock-node',
          explains: ['pids_short', 'kubelet_slow', 'node_silent'],
        },
        {
          name: 'ForeshockPidsNearLimit',
          severity: 'warning',
          expr: promql`${usage} > ${thresholds.pids_near_limit}`,
          for: '5m',
          lead:
            `Usually hours: a leak that took days for ${percent(thresholds.pids_near_limit)} of the PIDs takes the last ` +
            `${percent(1 - thresholds.pids_near_limit)} in a fraction of that time.`,
          summary: 'A node is running out of PIDs.',
          description: `${texts.node} uses {{ $value | humanizePercentage }} of its PIDs. ${runOut}${culprit}`,
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
          lead: 'Hours to days: at one zombie a second from a busy crontab, 32,768 PIDs last nine hours.',
          summary: 'Zombie processes pile up, because their parent does not reap them.',
          description:
            `${place} on ${texts.node} has {{ $value }} zombies` +
            texts.lookup(
              (_, container) => `topk(1, ${ZOMBIE_PARENTS}{${container}})`,
              `; ${process} does not reap {{ .Value }} of them. `,
              '. ',
            ) +
            texts.lookup(
              (node, container) =>
                `${left(node)} / on (${nodeLabels}) group_right () (deriv(${ZOMBIES}{${container}}[1h]) > 0)`,
              'At this rate the node runs out of PIDs in {{ .Value | humanizeDuration }}. ',
            ) +
            "Next: `ps -eo stat=,ppid= | grep '^Z' | sort | uniq -c | sort -rn | head` on the node " +
            'shows the parents; zombies disappear when the parent, or its container, ends.',
          dashboard: 'foreshock-node',
          symptom: 'pids_short',
        },
        {
          name: 'ForeshockContainerPidsLimitHit',
          severity: 'warning',
          expr: promql`
            round(${perNode(promql`increase(${pids.limitHits}[${HITS_WINDOW}])`, ...OWNER_LABELS)}) >= ${thresholds.container_limit_hits}`,
          keepFiringFor: '15m',
          lead: 'The node is not at risk, because the limit holds. The container fails already.',
          summary: 'A container cannot fork, because it has reached its PID limit.',
          description:
            `Container ${texts.owner()} on ${texts.node} failed to fork ${texts.times} in ${duration(HITS_WINDOW)}, because it or its ` +
            'pod has reached its PID limit. ' +
            texts.lookup(
              (_, container) => `topk(1, ${ZOMBIE_PARENTS}{${container}})`,
              `{{ .Value }} of its processes are zombies that ${process} does not reap. `,
            ) +
            `Next: ${texts.logsCommand()} shows what fails; the limit is podPidsLimit of the kubelet or --pids-limit of Docker.`,
          dashboard: 'foreshock-node',
        },
      ],
    };
  },
});

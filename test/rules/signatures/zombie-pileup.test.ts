import { testAlerts } from '../alert-cases.ts';

const NODE = 'cluster="eu",node="node-a"';
const CRON = `${NODE},namespace="shop",pod="cron-6b8f",container="cron"`;
const CRON_LABELS = { node: 'node-a', namespace: 'shop', pod: 'cron-6b8f', container: 'cron' };
const KUBELET = 'cluster="eu",job="kubelet",instance="10.0.0.7:10250"';

/** A Java application of 20,000 threads, as cAdvisor counts them. */
const THREADS = {
  [`kubelet_node_name{${KUBELET},node="node-a"}`]: '1x90',
  [`container_threads{${KUBELET},namespace="shop",pod="orders-7d4f",container="java"}`]: '20000x90',
  [`container_threads{${KUBELET},namespace="shop",pod="web-5c9d",container="app"}`]: '40x90',
};

testAlerts('zombie-pileup', {
  ForeshockPidsExhausted: {
    series: {
      // Above 29,491 from minute 21 to minute 40.
      [`foreshock_pids_used{${NODE}}`]: '29400x20 29500+10x19 1000x40',
      [`foreshock_pids_limit{${NODE}}`]: '32768x80',
      [`foreshock_zombie_parent_processes{${CRON},cgroup="",command="supercronic"}`]: '19782x40 0x40',
      ...THREADS,
    },
    firesAt: 23,
    resolvedAt: 61,
    labels: { node: 'node-a' },
    description:
      'node-a of cluster eu uses 90.09% of its PIDs; without a free PID no process can fork, and the container ' +
      'runtime freezes. At this rate they run out in 17h 51m 47s. 19782 of them are zombies that supercronic ' +
      'in container shop/cron-6b8f/cron does not reap. Next: `kubectl -n shop delete pod cron-6b8f` removes ' +
      'them. If nothing can fork any more, `echo 131072 > /proc/sys/kernel/pid_max` in an open root shell buys ' +
      'time.',
  },
  ForeshockPidsNearLimit: {
    series: {
      [`foreshock_pids_used{${NODE}}`]: '1000x9 27000x20 1000x20',
      [`foreshock_pids_limit{${NODE}}`]: '32768x80',
      [`foreshock_zombie_parent_processes{${CRON},cgroup="",command="supercronic"}`]: '3x80',
      ...THREADS,
    },
    firesAt: 15,
    resolvedAt: 31,
    labels: { node: 'node-a' },
    description:
      'node-a of cluster eu uses 82.4% of its PIDs. At this rate they run out in 2m 30s. Few are zombies; ' +
      'container shop/orders-7d4f/java has the most threads, 20000. Next: `ps -eo nlwp,pid,comm --sort=-nlwp | ' +
      'head` on the node shows the processes with the most threads.',
  },
  ForeshockZombiePileup: {
    series: {
      // Ten a minute: above 1 % of 32,768 from minute 33 on.
      [`foreshock_zombie_processes{${CRON},cgroup=""}`]: '0+10x60 0x30',
      [`foreshock_zombie_parent_processes{${CRON},cgroup="",command="supercronic"}`]: '0+10x60 0x30',
      [`foreshock_zombie_parent_processes{${NODE},namespace="",pod="",container="",cgroup="/system.slice/cron.service",command="cron"}`]:
        '300x90',
      [`foreshock_zombie_processes{${NODE},namespace="",pod="",container="",cgroup="/system.slice/cron.service"}`]:
        '300x90',
      [`foreshock_pids_used{${NODE}}`]: '2000+10x60 2000x30',
      [`foreshock_pids_limit{${NODE}}`]: '32768x90',
    },
    firesAt: 48,
    resolvedAt: 61,
    labels: CRON_LABELS,
    description:
      'Container shop/cron-6b8f/cron on node-a of cluster eu has 480 zombies; supercronic does not reap 480 of ' +
      "them. At this rate the node runs out of PIDs in 2d 2h 28m 48s. Next: `ps -eo stat=,ppid= | grep '^Z' | " +
      'sort | uniq -c | sort -rn | head` on the node shows the parents; ' +
      'zombies disappear when the parent, or its container, ends.',
  },
  ForeshockContainerPidsLimitHit: {
    series: {
      [`foreshock_container_pids_limit_hits_total{${CRON}}`]: '0x9 1x60',
      [`foreshock_zombie_parent_processes{${CRON},cgroup="",command="supercronic"}`]: '900x70',
    },
    firesAt: 10,
    resolvedAt: 35,
    labels: CRON_LABELS,
    description:
      'Container shop/cron-6b8f/cron on node-a of cluster eu failed to fork 1 time in 10 min, because it or ' +
      'its pod has reached its PID limit. 900 of its processes are zombies that supercronic does not reap. ' +
      'Next: `kubectl -n shop logs cron-6b8f -c cron --tail=20` shows what fails; the limit is podPidsLimit of ' +
      'the kubelet or --pids-limit of Docker.',
  },
});

import * as memory from '../../../exporter/node/collectors/memory-cgroups.ts';
import { type Replay, SICK } from './replay.ts';
import { counting, every, histogram, series, through } from './series.ts';
import { CLUSTER, instanceOf, nodeLabels } from './targets.ts';

const MINUTE = 60;

/** From healthy to what was seen, in two hours; in the story it took as long as the page cache keeps pages of cron jobs. */
const growing = (from: number, to: number) => through([30 * MINUTE, from], [150 * MINUTE, to], [240 * MINUTE, to]);

/** Seconds that `time cat memory.stat` showed, on a healthy machine and on this one. */
const readSeconds = growing(0.01, 1.2);
/** Assumed: the story names neither the cores nor the number of cgroups; 1.2 s were over a third of the kubelet's time. */
const cores = growing(0.08, 1.5);
const dying = growing(50, 25_000);

const KUBELET = { cluster: CLUSTER, job: 'kubelet', instance: instanceOf(SICK, 10250), metrics_path: '/metrics' };

export const dyingMemcg: Replay = {
  id: '002-2',
  signature: 'dying-memcg',
  title: 'cron jobs leave memory cgroups behind, memory.stat takes 1.2 s, and the kubelet uses much CPU',
  minutes: 240,
  sick: [
    series('foreshock_memory_cgroups_dying', nodeLabels(SICK), (second) => Math.floor(dying(second))),
    ...histogram(
      memory.readDuration.name,
      { ...nodeLabels(SICK), cgroup: '/' },
      memory.readDuration.buckets ?? [],
      every(MINUTE, readSeconds, 240 * MINUTE),
    ),
    series('process_cpu_seconds_total', KUBELET, counting(cores)),
  ],
  expected: [
    { alert: 'ForeshockMemoryStatSlow', from: 59 },
    { alert: 'ForeshockDyingMemoryCgroups', from: 100 },
    { alert: 'ForeshockKubeletCPUHigh', from: 141 },
  ],
  inhibited: ['ForeshockDyingMemoryCgroups', 'ForeshockKubeletCPUHigh'],
};

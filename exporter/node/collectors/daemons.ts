import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicTime } from '../../clock.ts';
import { counter, gauge, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import type { DaemonProcess } from '../daemons/daemon-processes.ts';
import { longestBlock, Sampler, type Sampling } from '../daemons/sampler.ts';
import type { DaemonLookup } from '../inventory/facts.ts';
import { lookUpDaemonsInSlices } from '../inventory/lookups.ts';

const LABELS = ['daemon'] as const;

export const blocked = counter(
  'foreshock_daemon_blocked_seconds_total',
  "Seconds that a daemon's threads spent in uninterruptible sleep (D), summed over all threads.",
  LABELS,
);
export const longest = gauge(
  'foreshock_daemon_longest_block_seconds',
  'Seconds of the longest uninterruptible sleep (D) of one daemon thread in the last 5 minutes.',
  LABELS,
);
export const runDelay = counter(
  'foreshock_daemon_run_delay_seconds_total',
  "Seconds that a daemon's runnable threads waited for a CPU, summed over all threads.",
  LABELS,
);

interface State {
  readonly lookup: DaemonLookup;
  readonly sampling: Sampling;
}

/** Seconds between two looks, looks of one run after the first, and looks after which new threads are listed. */
const LOOK_INTERVAL_SECONDS = 1;
const LOOKS_PER_RUN = 14;
const LIST_EVERY = 5;

export const daemons = defineCollector({
  name: 'daemons',
  help: 'the time that kubelet, containerd, dockerd and crio wait for disks and CPUs',
  description:
    'The daemons are the kubelet (also as part of k3s and microk8s), containerd, dockerd and crio. A thread in ' +
    'uninterruptible sleep mostly waits for a disk. Sleeps are sampled every second from /proc/PID/task/TID/stat, ' +
    'run delays every 15 s from /proc/PID/task/TID/schedstat; both are published every 15 s. The longest sleep is of ' +
    'a thread that did not run in between, and either lasts or ended in the last 5 minutes. Totals count since the ' +
    'exporter started.',
  metrics: [blocked, longest, runDelay],
  reads: { procfs: 'all' },
  options: {},
  schedule: '*/15 * * * * *',
  timeoutSeconds: 10,
  nonBlocking: true,

  async collect(context, previous: State | undefined) {
    const lookup = await lookUpDaemonsInSlices(context, previous?.lookup);
    if (lookup.value.length === 0) context.absent('a kubelet, containerd, dockerd or crio');
    const sampling = await watch(context, lookup.value, previous?.sampling);
    const samples = [...sampling.totals]
      .filter(([daemon]) => sampling.running.has(daemon))
      .flatMap(([daemon, totals]) => [
        sample(blocked, totals.blockedSeconds, { daemon }),
        sample(longest, longestBlock(sampling, daemon), { daemon }),
        sample(runDelay, totals.runDelay / 1e9, { daemon }),
      ]);
    return { samples, state: { lookup, sampling } };
  },
});

/** One look if there was none before or no run follows, so that there are values at once; otherwise one each second up to the next run. */
async function watch(
  context: CollectorContext,
  processes: readonly DaemonProcess[],
  previous: Sampling | undefined,
): Promise<Sampling> {
  const sampler = new Sampler(context.host, previous);
  const start = monotonicTime();
  const last = previous && !context.once ? LOOKS_PER_RUN : 0;
  try {
    for (let look = 0; look <= last; look += 1) {
      await sleep(Math.max(0, start + look * LOOK_INTERVAL_SECONDS - monotonicTime()) * 1000);
      context.progress('the threads of daemons');
      if (look % LIST_EVERY === 0) list(context, sampler, processes);
      sampler.look(monotonicTime());
    }
    return sampler.finish();
  } finally {
    sampler.close();
  }
}

function list({ fault }: CollectorContext, sampler: Sampler, processes: readonly DaemonProcess[]): void {
  try {
    sampler.list(processes);
  } catch (error) {
    fault('the threads of daemons', error);
  }
}

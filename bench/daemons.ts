import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { cpuPercent } from './measure.ts';
import { onlyCollectors, type Program, start } from './program.ts';

const THREADS = 100;
const SECONDS = 60;

/** Samples a daemon of 100 threads every second, beside `top` that does the same. */
export const daemons: Bench = {
  name: 'daemons',
  async prepare() {
    const kubelet = await startKubelet();
    return {
      async measure(program) {
        const idle = await measureForeshock(program, 'containers');
        const value = (await measureForeshock(program, 'containers', 'daemons')) - idle;
        const peer = { program: 'top -H -d 1', value: await measureTop(kubelet) };
        const what = `CPU of a look at ${THREADS} threads every second`;
        return [{ what, unit: '% of a core', value, peer, goal: { atMost: 0.3 } }];
      },
      remove: () => void kubelet.kill('SIGKILL'),
    };
  },
};

/** Perl, which every Debian has, as a process that is called kubelet and has idle threads. */
async function startKubelet(): Promise<ChildProcess> {
  const script = `use threads; $0 = "kubelet"; threads->create(sub { sleep 100000 }) for 2..${THREADS}; print "done"; close STDOUT; sleep 100000`;
  const kubelet = spawn('perl', ['-e', `$| = 1; ${script}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (kubelet.stdout) await once(kubelet.stdout, 'data');
  return kubelet;
}

async function measureForeshock(program: Program, ...collectors: readonly string[]): Promise<number> {
  const never = '--collector.containers.schedule=0 0 0 1 1 *';
  const exporter = await start(program, [...onlyCollectors(program, ...collectors), never]);
  await sleep(15_000);
  try {
    return await measure(exporter.process);
  } finally {
    await exporter.stop();
  }
}

async function measureTop({ pid }: ChildProcess): Promise<number> {
  const top = spawn('top', ['-H', '-b', '-d', '1', '-p', String(pid)], { stdio: ['ignore', 'ignore', 'ignore'] });
  return measure(top).finally(() => top.kill());
}

function measure({ pid = 0 }: ChildProcess): Promise<number> {
  return cpuPercent(pid, () => sleep(SECONDS * 1000));
}

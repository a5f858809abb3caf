import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startExporter } from '../test/exporter-process.ts';
import { cpuSeconds, onlyCollectors } from './measure.ts';
import type { Result } from './result.ts';

const THREADS = 100;
const SECONDS = 60;

/** Samples a daemon of 100 threads every second, beside `top` that does the same: share of a core of each. */
export async function benchDaemons(): Promise<Result[]> {
  const kubelet = await startKubelet();
  try {
    const idle = await measureForeshock('containers');
    const sampling = await measureForeshock('containers', 'daemons');
    const top = spawn('top', ['-H', '-b', '-d', '1', '-p', String(kubelet.pid)], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    const theirs = await measure(top).finally(() => top.kill());
    const ours = sampling - idle;
    return [
      { what: `${THREADS} threads looked at every second`, measured: percent(ours), goal: '0.30 % of a core' },
      { what: 'the same ÷ top -H -d 1', measured: (ours / theirs).toFixed(2), goal: '-' },
    ];
  } finally {
    kubelet.kill('SIGKILL');
  }
}

/** Perl, which every Debian has, as a process that is called kubelet and has idle threads. */
async function startKubelet(): Promise<ChildProcess> {
  const script = `use threads; $0 = "kubelet"; threads->create(sub { sleep 100000 }) for 2..${THREADS}; print "done"; close STDOUT; sleep 100000`;
  const kubelet = spawn('perl', ['-e', `$| = 1; ${script}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (kubelet.stdout) await once(kubelet.stdout, 'data');
  return kubelet;
}

async function measureForeshock(...collectors: readonly string[]): Promise<number> {
  const exporter = await startExporter([
    ...onlyCollectors(...collectors),
    '--collector.containers.schedule=0 0 0 1 1 *',
  ]);
  await sleep(15_000);
  try {
    return await measure(exporter.process);
  } finally {
    await exporter.stop();
  }
}

/** Share of a core that a process takes. */
async function measure({ pid = 0 }: ChildProcess): Promise<number> {
  const before = cpuSeconds(pid);
  await sleep(SECONDS * 1000);
  return (cpuSeconds(pid) - before) / SECONDS;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} % of a core`;
}

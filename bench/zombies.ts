import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../test/exporter-process.ts';
import { sampleValue } from '../test/exposition-text.ts';
import { runServer } from '../test/server-process.ts';
import type { Bench } from './bench.ts';
import { cpuSeconds } from './measure.ts';
import { onlyCollectors, type Program, start } from './program.ts';

const ZOMBIES = 20_000;
const ROUNDS = 10;

/** Finds 20,000 zombies beside node_exporter's `processes` collector: CPU of each for one look. */
export const zombies: Bench = {
  name: 'zombies',
  async prepare() {
    const parent = await makeZombies(ZOMBIES);
    return {
      async measure(program) {
        const value = await measureForeshock(program);
        const theirs = await measureNodeExporter();
        const what = `CPU of a look at ${ZOMBIES.toLocaleString('en')} zombies`;
        const peer = { program: 'node_exporter --collector.processes', value: theirs };
        return [{ what, unit: 'ms', value, peer, goal: { timesPeer: 0.25 } }];
      },
      remove: () => void parent.kill('SIGKILL'),
    };
  },
};

/** Perl, which every Debian has, starts so many children that end at once, and never waits for them. */
async function makeZombies(count: number): Promise<ChildProcess> {
  const script = `for (1..${count}) { my $pid = fork(); exit if $pid == 0 } print "done"; close STDOUT; sleep 100000`;
  const parent = spawn('perl', ['-e', `$| = 1; ${script}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (parent.stdout) await once(parent.stdout, 'data');
  return parent;
}

/** Milliseconds of CPU. */
async function measureForeshock(program: Program): Promise<number> {
  const never = '--collector.containers.schedule=0 0 0 1 1 *';
  const exporter = await start(program, [
    ...onlyCollectors(program, 'containers', 'zombies'),
    never,
    '--collector.zombies.schedule=* * * * * *',
  ]);
  try {
    const pid = exporter.process.pid ?? 0;
    const lastSuccess = async () =>
      sampleValue(await exporter.scrape(), 'foreshock_collector_last_success_timestamp_seconds', {
        collector: 'zombies',
      }) ?? 0;
    // Looks are counted by the times of their ends; scraping little, so that the CPU is theirs.
    const start = await until(lastSuccess, (at) => at > 0, 60);
    const before = cpuSeconds(pid);
    const end = await until(lastSuccess, (at) => at >= start + ROUNDS, 120);
    return ((cpuSeconds(pid) - before) / Math.round(end - start)) * 1000;
  } finally {
    await exporter.stop();
  }
}

/** Milliseconds of CPU. */
async function measureNodeExporter(): Promise<number> {
  const flags = (address: string) => [
    '--collector.disable-defaults',
    '--collector.processes',
    `--web.listen-address=${address}`,
  ];
  const peer = await runServer('prometheus-node-exporter', flags, '/metrics');
  try {
    const before = cpuSeconds(peer.pid);
    for (let round = 0; round < ROUNDS; round += 1) await (await fetch(`${peer.url}/metrics`)).text();
    return ((cpuSeconds(peer.pid) - before) / ROUNDS) * 1000;
  } finally {
    await peer.stop();
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { freePort, startExporter, until } from '../test/exporter-process.ts';
import { sampleValue } from '../test/exposition-text.ts';
import { cpuSeconds, onlyCollectors } from './measure.ts';
import type { Result } from './result.ts';

const ZOMBIES = 20_000;
const ROUNDS = 10;

/** Finds 20,000 zombies beside node_exporter's `processes` collector: CPU seconds of each for one look. */
export async function benchZombies(): Promise<Result[]> {
  const parent = await makeZombies(ZOMBIES);
  try {
    const ours = await measureForeshock();
    const theirs = await measureNodeExporter();
    const look = `${(ours * 1000).toFixed(0)} ms of CPU a look`;
    if (theirs === undefined)
      return [{ what: look, measured: 'no peer: apt-get install prometheus-node-exporter', goal: '-' }];
    const ratio = (ours / theirs).toFixed(2);
    return [{ what: `${look} ÷ node_exporter --collector.processes`, measured: ratio, goal: '0.25' }];
  } finally {
    parent.kill('SIGKILL');
  }
}

/** Perl, which every Debian has, starts so many children that end at once, and never waits for them. */
async function makeZombies(count: number): Promise<ChildProcess> {
  const script = `for (1..${count}) { my $pid = fork(); exit if $pid == 0 } print "done"; close STDOUT; sleep 100000`;
  const parent = spawn('perl', ['-e', `$| = 1; ${script}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (parent.stdout) await once(parent.stdout, 'data');
  return parent;
}

async function measureForeshock(): Promise<number> {
  const never = '--collector.containers.schedule=0 0 0 1 1 *';
  const exporter = await startExporter([
    ...onlyCollectors('containers', 'zombies'),
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
    return (cpuSeconds(pid) - before) / Math.round(end - start);
  } finally {
    await exporter.stop();
  }
}

async function measureNodeExporter(): Promise<number | undefined> {
  if (spawnSync('which', ['prometheus-node-exporter']).status !== 0) return undefined;
  const address = `127.0.0.1:${await freePort()}`;
  const flags = ['--collector.disable-defaults', '--collector.processes', `--web.listen-address=${address}`];
  const peer = spawn('prometheus-node-exporter', flags, { stdio: 'ignore' });
  try {
    const scrape = () =>
      fetch(`http://${address}/metrics`).then(
        (response) => response.text(),
        () => '',
      );
    await until(scrape, (text) => text.includes('node_processes_state{state="Z"}'), 60);
    const before = cpuSeconds(peer.pid ?? 0);
    for (let round = 0; round < ROUNDS; round += 1) await scrape();
    return (cpuSeconds(peer.pid ?? 0) - before) / ROUNDS;
  } finally {
    peer.kill();
  }
}

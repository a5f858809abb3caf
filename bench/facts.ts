import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExporterProcess } from '../test/exporter-process.ts';
import { parseExposition } from '../test/exposition-text.ts';
import type { Bench, Figure } from './bench.ts';
import { READS_VARIABLE } from './count-reads.ts';
import { cpuPercent } from './measure.ts';
import { type Program, start } from './program.ts';
import { makeHost } from './synthetic-host.ts';

const CONTAINERS = 50;
const PROCESSES = 5000;
const LEAKED_MOUNTS = 100_000;

/** Every collector runs at least twice meanwhile, and all processes are searched once a minute. */
const MINUTES = 2;
const MINUTE_MS = 60_000;

interface FactsHost {
  readonly root: string;
  readonly flags: readonly string[];
  /** The mount table of a node in order, and of one that leaks mounts. */
  readonly mountTables: { readonly short: string; readonly long: string };
}

/** What collectors need to know in common, mounts and daemons, of a node of 5,000 processes: how often it is read, and CPU. */
export const facts: Bench = {
  name: 'facts',
  async prepare() {
    const { root, flags, remove } = makeHost(CONTAINERS, PROCESSES);
    writeDaemons(root);
    const short = readFileSync(join(root, 'proc/1/mountinfo'), 'utf8');
    const mountTables = { short, long: short + leakedMounts() };
    const host = { root, flags: [...flags, '--collector.kubelet_endpoints.healthz-url='], mountTables };
    return { measure: (program) => measure(program, host), remove };
  },
};

async function measure(program: Program, host: FactsHost): Promise<Figure[]> {
  const { short, long } = host.mountTables;
  const table = `${LEAKED_MOUNTS.toLocaleString('en')} mounts`;
  return [
    ...(await countReads(program, host)),
    { what: 'CPU with few mounts', unit: '% of a core', value: await measureCpu(program, host, short) },
    { what: `CPU with ${table}`, unit: '% of a core', value: await measureCpu(program, host, long) },
  ];
}

/** Reads in the first round, and on average in a minute after it. */
async function countReads(program: Program, { root, flags, mountTables }: FactsHost): Promise<Figure[]> {
  writeMountTable(root, mountTables.short);
  const log = join(root, 'reads');
  writeFileSync(log, '');
  const preload = `--import=${new URL('./count-reads.js', import.meta.url)}`;
  const environment = { ...process.env, NODE_OPTIONS: preload, [READS_VARIABLE]: log };
  const exporter = await start(program, flags, ['node'], { environment });
  try {
    await firstRound(exporter);
    const end = Date.now();
    await sleep(MINUTES * MINUTE_MS);
    const reads = readFileSync(log, 'utf8').split('\n').filter(Boolean);
    const count = (name: string, isCounted: (time: number) => boolean) =>
      reads.filter((line) => line.endsWith(`/${name}`) && isCounted(Number.parseInt(line, 10))).length;
    const isFirst = (time: number) => time <= end;
    const perMinute = (name: string) => count(name, (time) => time > end) / MINUTES;
    return [
      { what: 'mount table read, first round', unit: 'times', value: count('mountinfo', isFirst) },
      { what: 'mount table read, each minute', unit: 'times', value: perMinute('mountinfo') },
      { what: '/proc/PID/comm read, first round', unit: 'times', value: count('comm', isFirst) },
      { what: '/proc/PID/comm read, each minute', unit: 'times', value: perMinute('comm') },
    ];
  } finally {
    await exporter.stop();
  }
}

async function measureCpu(program: Program, { root, flags }: FactsHost, mountTable: string): Promise<number> {
  writeMountTable(root, mountTable);
  const exporter = await start(program, flags);
  try {
    await firstRound(exporter);
    return await cpuPercent(exporter.process.pid ?? 0, () => sleep(MINUTES * MINUTE_MS));
  } finally {
    await exporter.stop();
  }
}

/** Resolves once every collector has run: all have a count of timeouts from the start. */
async function firstRound(exporter: ExporterProcess): Promise<void> {
  const namesIn = (text: string, metric: string) =>
    parseExposition(text).flatMap(({ name, labels }) =>
      name === `foreshock_collector_${metric}` ? labels.collector : [],
    );
  await exporter.scrapeUntil((text) => {
    const succeeded = new Set(namesIn(text, 'success'));
    return namesIn(text, 'timeouts_total').every((collector) => succeeded.has(collector));
  }, 120);
}

function writeMountTable(root: string, table: string): void {
  writeFileSync(join(root, 'proc/1/mountinfo'), table);
}

/** Mounts of subPaths of one pod, in the length that the kubelet gives them. */
function leakedMounts(): string {
  const pod = '/var/lib/kubelet/pods/5a4f5c2e-9d1b-4d8e-8f5c-0c1f6b7e2d3a';
  const mount = (index: number) =>
    `${2000 + index} 31 8:1 ${pod}/volumes/kubernetes.io~configmap/cm/..2024_01_01/key-${index} ` +
    `${pod}/volume-subpaths/cm/app/${index} rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n`;
  return Array.from({ length: LEAKED_MOUNTS }, (_, index) => mount(index)).join('');
}

/** The processes of a kubelet and of containerd, and the kubelet's configuration. */
function writeDaemons(root: string): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const configuration = '/var/lib/kubelet/config.yaml';
  write(configuration, 'kind: KubeletConfiguration\nimageGCHighThresholdPercent: 85\n');
  for (const [pid, command, args] of [
    [700, 'kubelet', `--config=${configuration}`],
    [701, 'containerd', ''],
  ] as const) {
    write(`proc/${pid}/comm`, `${command}\n`);
    write(`proc/${pid}/cmdline`, `/usr/bin/${command}\0${args}\0`);
    write(`proc/${pid}/cgroup`, '8:pids:/system.slice\n4:memory:/system.slice\n');
    write(`proc/${pid}/stat`, `${pid} (${command}) S 1 ${pid} ${pid} 0 -1 4194560 ${'0 '.repeat(43)}0\n`);
    write(`proc/${pid}/task/${pid}/stat`, `${pid} (${command}) S 1 ${pid} ${pid} 0 -1 4194560 ${'0 '.repeat(43)}0\n`);
    write(`proc/${pid}/task/${pid}/schedstat`, '1 1 1\n');
  }
}

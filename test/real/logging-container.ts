import { join } from 'node:path';
import { until } from '../exporter-process.ts';
import { SOON } from './agreement.ts';
import type { DockerDaemon } from './docker-daemon.ts';
import { jsonFileRecords, type LogFormat, localRecords, WrittenLog } from './written-log.ts';

/** Logs as many lines as it is told through a FIFO, no two alike. */
export const LOG_ON_DEMAND = `
  mkfifo /lines 2>/dev/null
  start=$(cat /proc/sys/kernel/random/uuid)
  i=0
  while :; do
    read count </lines || continue
    end=$((i + count))
    while [ $i -lt $end ]; do echo "$start line $i"; i=$((i + 1)); done
  done`;

/** Flags of `docker run` for logs of three files. */
const ROTATED = ['--log-opt=max-size=10k', '--log-opt=max-file=3'];

const LOCAL = ['--log-driver=local', ...ROTATED];

/** Ways to keep a log, of which none may change what is counted. */
const KINDS: Record<string, { flags: readonly string[]; format: LogFormat }> = {
  'json-file': { flags: [], format: jsonFileRecords },
  'rotated json-file': { flags: ROTATED, format: jsonFileRecords },
  'rotated and compressed json-file': { flags: [...ROTATED, '--log-opt=compress=true'], format: jsonFileRecords },
  'rotated local': { flags: [...LOCAL, '--log-opt=compress=false'], format: localRecords },
  'rotated and compressed local': { flags: LOCAL, format: localRecords },
};

/** Lines to log between two looks, rotated after some 90: never so many that what was not looked at is deleted. */
export const LINES = [1, 20, 80, 160, 5, 160, 100, 90, 160];

/** A container that logs when it is told to. */
export interface LoggingContainer {
  readonly kind: string;
  readonly name: string;
  readonly written: WrittenLog;
}

/** Starts a container for each way to keep a log. */
export function startLoggingContainers(daemon: DockerDaemon): Promise<LoggingContainer[]> {
  return Promise.all(
    Object.entries(KINDS).map(async ([kind, { flags, format }]) => {
      const name = kind.replaceAll(' ', '-');
      const id = await daemon.run(name, LOG_ON_DEMAND, ...flags);
      return { kind, name, written: new WrittenLog(activeFile(daemon, id, format), format) };
    }),
  );
}

/** The file that a container's log is being written to. */
export function activeFile(daemon: DockerDaemon, id: string, format: LogFormat): string {
  const name = format === localRecords ? 'local-logs/container.log' : `${id}-json.log`;
  return join(daemon.dataRoot, 'containers', id, name);
}

/** Tells a container to log. */
export async function demandLines(daemon: DockerDaemon, name: string, lines: number): Promise<void> {
  await daemon.docker('exec', name, 'sh', '-c', `echo ${lines} >/lines`);
}

/** Has a container log, and waits until Docker has written it. */
export async function logLines(daemon: DockerDaemon, { name, written }: LoggingContainer, lines: number) {
  const expected = written.look().records + lines;
  await demandLines(daemon, name, lines);
  const records = async () => written.look().records;
  await until(records, (now) => now === expected, SOON);
}

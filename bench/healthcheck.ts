import { execFileSync } from 'node:child_process';
import type { Bench } from './bench.ts';
import { cpuSeconds } from './measure.ts';
import { start } from './program.ts';

const RUNS = 10;

/** The health check of a container, which runs every 30 seconds, beside a Node.js that does nothing: CPU of one run. */
export const healthcheck: Bench = {
  name: 'healthcheck',
  async prepare() {
    return {
      async measure(program) {
        const exporter = await start(program, []);
        const flag = `--web.listen-address=${new URL(exporter.url).host}`;
        try {
          const value = cpuOf([program.main, 'healthcheck', flag]);
          const peer = { program: 'node -e 0', value: cpuOf(['-e', '0']) };
          return [{ what: 'CPU of a health check', unit: 'ms', value, peer }];
        } finally {
          await exporter.stop();
        }
      },
      remove() {},
    };
  },
};

/** Milliseconds of CPU that one run takes. */
function cpuOf(args: readonly string[]): number {
  const before = cpuSeconds(process.pid);
  for (let run = 0; run < RUNS; run += 1) execFileSync(process.execPath, args);
  // Ours is little: it waits.
  return ((cpuSeconds(process.pid) - before) / RUNS) * 1000;
}

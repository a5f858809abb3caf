import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into every thread of an exporter by `node --import`: appends the time and the path of each file that is read to
 * the file that the environment variable names, one a line.
 */
export const READS_VARIABLE = 'FORESHOCK_BENCH_READS';

const log = process.env[READS_VARIABLE];
const { readFileSync, appendFileSync } = fs;

if (log !== undefined) {
  fs.readFileSync = ((...args: Parameters<typeof readFileSync>) => {
    appendFileSync(log, `${Date.now()} ${args[0]}\n`);
    return readFileSync(...args);
  }) as typeof readFileSync;
  syncBuiltinESMExports();
}

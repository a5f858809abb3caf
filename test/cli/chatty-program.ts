import { setTimeout as sleep } from 'node:timers/promises';
import { newLog } from '../../cli/log.ts';
import { logOutput } from '../../cli/log-output.ts';

/** Logs so many lines of 1 KiB, as many in a row as a run can have faults, and prints what became of them. */
const [lines] = process.argv.slice(2).map(Number);
const output = logOutput();
const log = await newLog('info', 'json', output);
for (let line = 0; line < (lines ?? 0); line += 1) {
  log.info({ line }, 'x'.repeat(1024));
  if (line % 100 === 99) await sleep(1);
}
await sleep(100);
const ended = await output.end(1);
process.stdout.write(JSON.stringify({ dropped: output.dropped, ended }));
if (!ended) process.stdout.end(() => process.kill(process.pid, 'SIGKILL'));

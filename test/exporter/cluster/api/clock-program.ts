import { writeFileSync } from 'node:fs';
import { SystemClock } from '../../../../exporter/cluster/api/clock.ts';

/** Prints what one moment is by a clock before, and after each time that libfaketime sets the system's clock. */
const clock = new SystemClock();
const moment = clock.now();
const times = [clock.unixTime(moment), clock.unixTime(moment)];
for (const shift of ['-3600', '+7200']) {
  writeFileSync(process.env.FAKETIME_TIMESTAMP_FILE ?? '', shift);
  times.push(clock.unixTime(moment), clock.unixTime(moment));
}
process.stdout.write(JSON.stringify({ times, moments: [moment, clock.now()] }));

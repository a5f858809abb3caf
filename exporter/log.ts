import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** The program's log, on standard error: standard output is the exposition's with `--once`. */
export function newLog(level: string, format: string): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const destination =
    format === 'text'
      ? pretty({ destination: 2, sync: true, colorize: false })
      : pino.destination({ dest: 2, sync: true });
  return pino(options, destination);
}

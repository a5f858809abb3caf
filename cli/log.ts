import { type Logger, pino } from 'pino';

/** The program's log, on standard error: standard output is the exposition's with `--once`. */
export async function newLog(level: string, format: string): Promise<Logger> {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  // Loaded only where it is wanted: it would take some megabytes of memory on every node.
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ destination: 2, sync: true, colorize: false }));
}

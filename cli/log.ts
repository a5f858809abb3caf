import { type Logger, pino } from 'pino';

/** The program's log, on standard error: with `--once`, standard output is for the exposition. */
export async function newLog(level: string, format: string): Promise<Logger> {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, pino.destination({ dest: 2, sync: true }));
  // Loaded only if needed: it takes some megabytes of memory.
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ destination: 2, sync: true, colorize: false }));
}

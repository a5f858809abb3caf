import { type Logger, pino } from 'pino';
import type { LogOutput } from './log-output.ts';

/** The program's log. */
export async function newLog(level: string, format: string, output: LogOutput): Promise<Logger> {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (format === 'json') return pino(options, output);
  // Loaded only if needed: it takes some megabytes of memory.
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({ colorize: false });
  return pino(options, { write: (line: string) => output.write(pretty(line)) });
}

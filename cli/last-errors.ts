import type { Logger } from 'pino';
import { killSelf } from './kill-self.ts';
import type { LogOutput } from './log-output.ts';

/** Seconds that the log may take to say why the program ends. */
const GRACE_SECONDS = 1;

/**
 * Logs what nothing else has dealt with, one line each: after an exception that nobody caught, nobody knows what was left
 * half done, so the program ends with status 1; a promise that was rejected unheard has failed alone, so the rest goes on.
 * Warnings of Node.js go to the log, too: itself it would write them without regard to who reads.
 */
export function logLastErrors(log: Logger, output: LogOutput): void {
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unexpected error'));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'unexpected error; exiting');
    void output.end(GRACE_SECONDS).then((isWritten) => {
      if (!isWritten) killSelf();
      process.exit(1);
    });
  });
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn({ name, error: message }, 'warning of Node.js'));
}

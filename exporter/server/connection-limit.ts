import { readFileSync } from 'node:fs';

/** Each connection costs about 10 KiB, with TLS 50 KiB. */
const MAX_CONNECTIONS = 256;
const MIN_CONNECTIONS = 8;
/** An exporter without clients has 30 descriptors open, which do not count in the half that is left to collectors. */
const OPEN_AT_REST = 32;

/** How many connections the process can have without taking the descriptors that collectors need to read the host. */
export function maxConnections(limits = readFileSync('/proc/self/limits', 'utf8')): number {
  const forClients = Math.floor(maxOpenFiles(limits) / 2) - OPEN_AT_REST;
  return Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, forClients));
}

/** The soft limit in /proc/PID/limits: `Max open files            1024                 524288               files`. */
function maxOpenFiles(limits: string): number {
  const soft = /^Max open files +(\S+)/m.exec(limits)?.[1];
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

import { maxOpenFiles } from '../open-files.ts';

/** Each connection costs about 10 KiB, with TLS 50 KiB. */
const MAX_CONNECTIONS = 256;
const MIN_CONNECTIONS = 8;
/** An exporter without clients has 30 descriptors open, which do not count in the half that is left to collectors. */
const OPEN_AT_REST = 32;

/** How many connections the process can have without taking the descriptors that collectors need to read the host. */
export function maxConnections(limits?: string): number {
  const forClients = Math.floor(maxOpenFiles(limits) / 2) - OPEN_AT_REST;
  return Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, forClients));
}

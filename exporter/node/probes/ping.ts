import { httpStatus } from './http-status.ts';
import { timed } from './timed.ts';

/** What a container runtime made of a ping. */
export interface Ping {
  readonly up: boolean;
  /** Until it answered, or until it was given up; undefined where there was nothing to wait for. */
  readonly seconds: number | undefined;
}

/** Asks over the Unix socket at a path of this process; resolves to whether the answer is that of a daemon in order. */
export type Ask = (socket: string, signal: AbortSignal) => Promise<boolean>;

/** Docker's `GET /_ping` takes none of its locks: it tells a daemon that stands still, not one whose `docker ps` hangs. */
export const askDocker: Ask = async (socketPath, signal) =>
  (await httpStatus({ socketPath, path: '/_ping' }, signal)) < 500;

/** Any status is an answer, also that the method is not known. */
export function askOverGrpc(method: string): Ask {
  return async (socket, signal) => {
    // HTTP/2 takes some megabytes in each thread that loads it, and only one asks.
    const { grpcStatus } = await import('./grpc-status.ts');
    return Number.isInteger(await grpcStatus(socket, method, signal));
  };
}

/**
 * A daemon that is dead or dying: nobody listens, the connection is cut, or the kernel's queue of connections that
 * nobody accepts is full (EAGAIN), to which the pings of a daemon that stands still for hours add up themselves.
 */
const REFUSALS = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAGAIN'];

/** A socket's path has 108 bytes with the NUL at its end (unix(7)); longer ones would be cut without a word. */
const MAX_SOCKET_PATH_BYTES = 107;

/** Why nobody could be asked, which says nothing of who listens. */
export class CannotAsk extends Error {
  override readonly name = 'CannotAsk';
}

/** Pings a daemon for at most `timeoutSeconds`. Rejects when nothing can be told: no permission, no such protocol. */
export async function ping(ask: Ask, socket: string, timeoutSeconds: number): Promise<Ping> {
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH_BYTES) {
    throw new CannotAsk(
      `${socket} is longer than the ${MAX_SOCKET_PATH_BYTES} bytes of a socket's path: mount it at a shorter path`,
    );
  }
  try {
    const { answer, seconds } = await timed(timeoutSeconds, (signal) => ask(socket, signal));
    return { up: answer ?? false, seconds };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (REFUSALS.includes(code ?? '')) return { up: false, seconds: undefined };
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new CannotAsk(`${(error as Error).message}: a ping needs write permission on the socket; run as root`);
  }
}

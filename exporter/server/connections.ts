import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CloseReason, ServerCounts } from './server-metrics.ts';

/** How long a new connection may take to send a request, and a client to read the answer. */
const MAX_EXCHANGE_MS = 10_000;
/** How long a connection is kept between requests: for more than one interval of most scrapers. */
const MAX_IDLE_MS = 90_000;
const SWEEP_INTERVAL_MS = 1000;
/** Requests that a client may send before it has read the answer to the first. Node.js parses them all at once. */
const MAX_PIPELINED = 8;
/** Bytes of answers that clients have not read. The kernel counts its part to the memory of the container. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
/** So many may be under way in any case, however long they are. */
const MIN_UNREAD_ANSWERS = 4;
/** What the kernel may hold of what it was given for a connection; how much the client has read it does not say. */
const MAX_UNREAD_IN_KERNEL = 1024 * 1024;

interface Connection {
  readonly socket: Socket;
  /** Answers that the kernel has not yet taken to the end. */
  readonly answers: Set<ServerResponse>;
  /** By `performance.now()`, since when it waits for what `deadline` is set for. */
  since: number;
  deadline: number;
  /** Whether it has had an answer, so that its client waits for nothing now. */
  isKept: boolean;
  /** Whether it ends with its next answer. */
  isRetired: boolean;
}

/**
 * The open connections of a server, which can cost it a bounded number of descriptors and bytes: whoever comes next is let
 * in, and whoever has been idle or has not read for the longest time goes.
 */
export class Connections {
  readonly #max: number;
  readonly #counts: ServerCounts;
  readonly #open = new Map<string, Connection>();
  readonly #sweep: NodeJS.Timeout;
  #closing = false;

  constructor(max: number, counts: ServerCounts) {
    this.#max = max;
    this.#counts = counts;
    this.#sweep = setInterval(() => this.#cutLate(), SWEEP_INTERVAL_MS).unref();
  }

  /** Takes up a connection that was just accepted, before TLS. */
  add(socket: Socket): void {
    const [first] = this.#open.size >= this.#max ? this.#oldestFirst() : [];
    if (first) this.#cut(first, 'connections');
    const key = keyOf(socket);
    const answers = new Set<ServerResponse>();
    const connection = { socket, answers, since: 0, deadline: 0, isKept: false, isRetired: false };
    expect(connection, MAX_EXCHANGE_MS);
    this.#open.set(key, connection);
    socket.once('close', () => {
      if (this.#open.get(key) === connection) this.#open.delete(key);
    });
  }

  /** Whether a request is to be answered; if not, its connection has been cut off. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#open.get(keyOf(request.socket));
    if (connection === undefined || connection.socket.destroyed) return false;
    if (connection.answers.size >= MAX_PIPELINED) {
      this.#cut(connection, 'pipelined');
      return false;
    }
    if (connection.answers.size === 0) expect(connection, MAX_EXCHANGE_MS);
    connection.answers.add(response);
    response.once('close', () => this.#answered(connection, response));
    return true;
  }

  /** Makes room for an answer of so many bytes on the connection of `request`. */
  reserve(request: IncomingMessage, bytes: number): void {
    let excess = bytes - Math.max(MAX_UNREAD_BYTES, MIN_UNREAD_ANSWERS * bytes);
    for (const connection of this.#open.values()) excess += unreadBytes(connection);
    if (excess <= 0) return;
    const own = this.#open.get(keyOf(request.socket));
    for (const connection of this.#oldestFirst()) {
      const unread = unreadBytes(connection);
      if (connection === own || unread === 0) continue;
      this.#cut(connection, 'unread');
      excess -= unread;
      if (excess <= 0) return;
    }
  }

  /** Ends each connection after what it is about: one that is new may have sent its first request already. */
  retire(): void {
    for (const connection of this.#open.values()) {
      connection.isRetired = true;
      if (connection.isKept && connection.answers.size === 0) connection.socket.destroy();
    }
  }

  /** Closes each connection after its answers, and those that remain after `graceSeconds`. */
  async close(graceSeconds: number): Promise<void> {
    this.#closing = true;
    clearInterval(this.#sweep);
    for (const { socket, answers } of this.#open.values()) if (answers.size === 0) socket.destroy();
    const cut = setTimeout(() => {
      for (const { socket } of this.#open.values()) socket.destroy();
    }, graceSeconds * 1000);
    await Promise.all([...this.#open.values()].map(({ socket }) => new Promise((done) => socket.once('close', done))));
    clearTimeout(cut);
  }

  #answered(connection: Connection, response: ServerResponse): void {
    connection.answers.delete(response);
    connection.isKept = true;
    expect(connection, connection.answers.size === 0 ? MAX_IDLE_MS : MAX_EXCHANGE_MS);
    if ((this.#closing || connection.isRetired) && connection.answers.size === 0) connection.socket.destroySoon();
  }

  /** Those without a request come first, then those that have not read their answers; in each part the oldest. */
  #oldestFirst(): Connection[] {
    const isBusy = ({ answers }: Connection) => Math.sign(answers.size);
    return [...this.#open.values()].sort((a, b) => isBusy(a) - isBusy(b) || a.since - b.since);
  }

  #cutLate(): void {
    const now = performance.now();
    for (const connection of this.#open.values()) if (connection.deadline < now) this.#cut(connection, 'timeout');
  }

  #cut({ socket }: Connection, reason: CloseReason): void {
    if (socket.destroyed) return;
    this.#counts.closed[reason] += 1;
    this.#open.delete(keyOf(socket));
    reset(socket);
  }
}

/**
 * Closes a connection by a reset: otherwise the kernel would keep what the client has not read, for minutes.
 * `resetAndDestroy` would do so only after it had written all, for which it may wait in vain, and has no TLS; what it sets
 * for `destroy` is set here. The kernel takes no reset while it shuts the connection down.
 */
function reset(socket: Socket): void {
  const isShuttingDown = socket.writableEnded && socket.writableLength === 0;
  if (!isShuttingDown) Object.assign(socket, { resetAndClosing: true });
  socket.destroy();
}

/** TLS wraps a socket in another one of the same peer. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function expect(connection: Connection, withinMs: number): void {
  connection.since = performance.now();
  connection.deadline = connection.since + withinMs;
}

/** The most that is kept of what a client was sent: here, where all wait for the last byte, and in the kernel. */
function unreadBytes({ socket, answers }: Connection): number {
  let waiting = 0;
  for (const answer of answers) waiting += answer.writableLength;
  const inKernel = Math.max(0, socket.bytesWritten - waiting);
  return waiting + Math.min(inKernel, MAX_UNREAD_IN_KERNEL);
}

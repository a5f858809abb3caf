import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

/** What strangers on the network can do to an exporter's port. */
export type Attack = 'pipelined' | 'unread' | 'passwords' | 'scrapes' | 'idle';

/** Where the exporter listens, and what is done to it until this thread is terminated. */
export interface AttackOrder {
  readonly attack: Attack;
  readonly port: number;
}

const SCRAPE = 'GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n';
/** How long a client that was cut off waits before it comes again. */
const AGAIN_MS = 1000;

const ATTACKS: Readonly<Record<Attack, () => void>> = {
  // 63 KB.
  pipelined: () => clients(1, (socket) => socket.pause().write(SCRAPE.repeat(1800))),
  unread: () => clients(300, (socket) => socket.pause().write(SCRAPE)),
  passwords: () => {
    clients(1, (socket) => socket.resume().write(Array.from({ length: 1000 }, wrongPassword).join('')));
    clients(20, (socket) => socket.on('data', () => socket.write(wrongPassword())).write(wrongPassword()));
  },
  scrapes: () =>
    clients(1000, (socket) => socket.resume().write(SCRAPE.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))),
  idle: () => clients(2000, (socket) => socket.resume()),
};

/** So many clients at all times; one that was cut off comes again. */
function clients(count: number, act: (socket: Socket) => unknown): void {
  for (let client = 0; client < count; client += 1) comeAndStay(act);
}

function comeAndStay(act: (socket: Socket) => unknown): void {
  const socket = connect(port, '127.0.0.1', () => act(socket));
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(comeAndStay, AGAIN_MS, act));
}

function wrongPassword(): string {
  const credentials = Buffer.from(`alice:${randomBytes(6).toString('hex')}`).toString('base64');
  return SCRAPE.replace('\r\n\r\n', `\r\nAuthorization: Basic ${credentials}\r\n\r\n`);
}

const { attack, port } = workerData as AttackOrder;
ATTACKS[attack]();
// Sockets that are not read do not keep a thread alive.
setInterval(() => {}, 1000);

import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { readGeneralConfig } from '../../../exporter/config/general-config.ts';
import type { ScrapeTarget } from '../../../exporter/server/app.ts';
import { ServerCounts } from '../../../exporter/server/server-metrics.ts';
import { type RunningServer, startServer } from '../../../exporter/server/start.ts';
import { freePort } from '../../exporter-process.ts';

/** A web server in this process. */
export interface OwnServer extends RunningServer {
  readonly port: number;
  readonly counts: ServerCounts;
  /** The messages that it has logged. */
  readonly logged: readonly string[];
}

/** Serves `target` until the test is over. */
export async function startOwnServer(
  t: TestContext,
  target: Partial<ScrapeTarget>,
  flags: readonly string[] = [],
): Promise<OwnServer> {
  const port = await freePort();
  const counts = new ServerCounts();
  const logged: string[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line).msg) });
  const general = readGeneralConfig([`--web.listen-address=127.0.0.1:${port}`, ...flags], {});
  const whole = { exposition: async () => Buffer.from('a_metric 1\n'), notReady: () => undefined, ...target };
  const server = await startServer(whole, general, counts, log);
  t.after(() => server.close(0));
  return { ...server, port, counts, logged };
}

/** What a client of a connection sees of it. */
export interface Client {
  readonly socket: Socket;
  /** All that was received. */
  received(): string;
  readonly closed: Promise<void>;
}

/** Connects and writes; reads unless it is `deaf`. */
export function startClient(port: number, text: string, { deaf = false } = {}): Client {
  let received = '';
  const socket = connect(port, '127.0.0.1', () => void (text && socket.write(text)));
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  if (!deaf)
    socket.on('data', (chunk) => {
      received += chunk;
    });
  return { socket, received: () => received, closed };
}

/** A request, such as `getting('/metrics')`. */
export function getting(path: string, ...headers: readonly string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
}

/** An exposition that is waited for until the gate is opened. */
export function newGate() {
  let [ask, open] = [() => {}, (_text: string) => {}];
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const opened = new Promise<Buffer>((resolve) => {
    open = (text) => resolve(Buffer.from(text));
  });
  const exposition = () => {
    ask();
    return opened;
  };
  return { exposition, asked, open };
}

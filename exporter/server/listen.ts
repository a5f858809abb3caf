import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { parseListenAddress } from '../config/options.ts';
import { UsageError } from '../config/usage-error.ts';
import type { Connections } from './connections.ts';

/** A server that listens. */
export interface WebServer {
  /** Speaks TLS with these options on connections that come from now on, or no TLS. */
  useTls(options: TlsOptions | undefined): void;
  /** Stops accepting connections, gives running responses `graceSeconds` to end, then closes them. */
  close(graceSeconds: number): Promise<void>;
}

/** Serves `app` at `address`. Rejects with `UsageError` if the address cannot be used. */
export async function listen(
  app: RequestListener,
  address: string,
  tls: TlsOptions | undefined,
  connections: Connections,
): Promise<WebServer> {
  const answer: RequestListener = (request, response) => {
    if (!connections.admit(request, response)) return;
    if (hasBody(request)) refuseBody(response);
    else app(request, response);
  };
  let current = tls;
  let protocol = newProtocol(answer, tls);
  // The protocol can change with the configuration while one socket listens.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // A client that is gone already has no address.
    if (socket.remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    connections.add(socket);
    protocol.emit('connection', socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new UsageError(`cannot listen on ${address}: ${error.message}`)));
    server.listen({ ...parseListenAddress(address) }, resolve);
  });
  return {
    useTls: (options) => {
      if (isDeepStrictEqual(options, current)) return;
      current = options;
      protocol = newProtocol(answer, options);
      // A kept connection was let in by the former rules.
      connections.retire();
    },
    close: async (graceSeconds) => {
      server.close();
      await connections.close(graceSeconds);
    },
  };
}

/** No request here needs one. Express and Node.js would read it to its end, however long that is, and then go on. */
function refuseBody(response: ServerResponse): void {
  response.writeHead(413, { Connection: 'close', 'Content-Type': 'text/plain; charset=utf-8' });
  response.end('Requests cannot have a body.\n');
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** HTTP or HTTPS on connections that it is given; how long they may last is up to `Connections`. */
function newProtocol(answer: RequestListener, tls: TlsOptions | undefined): HttpServer {
  const options = { keepAliveTimeout: 0 };
  return tls ? createHttpsServer({ ...options, ...tls }, answer) : createHttpServer(options, answer);
}

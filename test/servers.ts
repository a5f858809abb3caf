import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createGrpcServer } from 'node:http2';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** Listens at a path or a free port of 127.0.0.1, which it resolves to, until the test is over. */
export async function listen(t: TestContext, server: Server, path?: string): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  if (path === undefined) server.listen(0, '127.0.0.1');
  else server.listen(path);
  await once(server, 'listening');
  return path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers every HTTP request with this status and body, as text: Prometheus from 3.0 on scrapes nothing that has no type. */
export function httpServer(status: number, body = 'OK'): HttpServer {
  return createHttpServer((_, response) => response.writeHead(status, { 'content-type': 'text/plain' }).end(body));
}

/** Answers every gRPC call with this status, in trailers after a message, or in the headers of an answer without one. */
export function grpcServer(status: number, place: 'trailers' | 'headers' = 'trailers'): Server {
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  const trailers = { 'grpc-status': String(status) };
  return createGrpcServer().on('stream', (stream) => {
    if (place === 'headers') return stream.respond({ ...head, ...trailers }, { endStream: true });
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    stream.end(Buffer.alloc(5));
  });
}

/** Answers every gRPC call as a CRI runtime of this name answers to `Version`. */
export function versionServer(name: string): Server {
  const texts = ['0.1.0', name, '1.2.3', 'v1'].flatMap((text, index) => [
    Buffer.from([((index + 1) << 3) | 2, text.length]),
    Buffer.from(text),
  ]);
  const message = Buffer.concat(texts);
  const head = Buffer.from([0, 0, 0, 0, message.length]);
  return createGrpcServer().on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.write(head);
    stream.end(message);
  });
}

/** Takes connections, writes this and says no more. */
export function silentServer(first = ''): Server {
  return createServer((socket) => void socket.write(first));
}

/** Takes connections, writes this and cuts them once something was asked. */
export function cuttingServer(first = ''): Server {
  return createServer((socket) => {
    socket.once('data', () => socket.write(first, () => socket.destroy()));
  });
}

import { connect, type IncomingHttpHeaders } from 'node:http2';
import { createConnection } from 'node:net';

/** A message without fields: not compressed (one byte), no bytes long (four). */
const EMPTY_MESSAGE = Buffer.alloc(5);

/** The longest answer that is kept; what is asked for has fewer than 100 bytes. */
const MAX_ANSWER_BYTES = 4096;

/** What came of a gRPC call. */
export interface GrpcAnswer {
  /** 0 is OK, 12 that the method is not known. */
  readonly status: number;
  /** The first message, without the five bytes before it; what is longer than `MAX_ANSWER_BYTES` is cut off. */
  readonly message: Buffer;
}

/** The status of a gRPC call; as `grpcCall`. */
export async function grpcStatus(socketPath: string, method: string, signal: AbortSignal): Promise<number> {
  return (await grpcCall(socketPath, method, signal)).status;
}

/**
 * A gRPC call with an empty message over a Unix socket
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). Rejects with the error of the connection, and when
 * what answers is no gRPC server.
 */
export function grpcCall(socketPath: string, method: string, signal: AbortSignal): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    // Rejects first, as the stream would only say that it was canceled.
    const socket = createConnection(socketPath).on('error', reject);
    const session = connect('http://localhost', { createConnection: () => socket });
    session.on('error', reject);
    const headers = { ':method': 'POST', ':path': method, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request(headers, { signal });
    let answered = false;
    let status: string | undefined;
    let message = Buffer.alloc(0);
    const note = (received: IncomingHttpHeaders) => {
      answered = true;
      status ??= received['grpc-status'] as string | undefined;
    };
    stream.on('error', reject).on('response', note).on('trailers', note);
    stream.on('data', (chunk: Buffer) => {
      message = Buffer.concat([message, chunk.subarray(0, MAX_ANSWER_BYTES - message.length)]);
    });
    stream.on('close', () => {
      session.destroy();
      if (status !== undefined) resolve({ status: Number(status), message: message.subarray(EMPTY_MESSAGE.length) });
      else reject(answered ? new Error('the server does not speak gRPC') : closedWithoutAnswer());
    });
    stream.end(EMPTY_MESSAGE);
  });
}

function closedWithoutAnswer(): NodeJS.ErrnoException {
  return Object.assign(new Error('the connection was closed without an answer'), { code: 'ECONNRESET' });
}

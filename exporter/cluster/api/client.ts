import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { VERSION } from '../../version.ts';
import type { Access, Credentials } from './access.ts';
import { readApiError } from './api-error.ts';
import type { Clock } from './clock.ts';
import { TimeoutError, withTimeout } from './timeout.ts';

/** For reading the credentials. */
const CREDENTIALS_TIMEOUT_SECONDS = 35;

/** For connecting and receiving the headers of the response. */
const HEADERS_TIMEOUT_SECONDS = 30;

/** Connections are kept for the next request, with TCP keep-alive probes after 30 s of silence. */
const CONNECTIONS = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 4 };

/** A GET request, below the server's address. */
export interface ApiRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether the response may be compressed. Not for a watch: events would wait in the compressor. */
  readonly gzip: boolean;
}

/** Sends GET requests to the API server, and no others. */
export class ApiClient {
  readonly access: Access;
  readonly clock: Clock;
  readonly #agent: http.Agent;

  constructor(access: Access, clock: Clock) {
    this.access = access;
    this.clock = clock;
    this.#agent = access.server.protocol === 'http:' ? new http.Agent(CONNECTIONS) : new https.Agent(CONNECTIONS);
  }

  /**
   * The body of the server's response. Rejects with an `ApiError` for a refusal, with a `TimeoutError` when no response
   * comes, and when the signal aborts, which also ends the body.
   */
  async get(request: ApiRequest, signal: AbortSignal): Promise<Readable> {
    const { source } = this.access;
    const credentials = await withTimeout(this.clock, CREDENTIALS_TIMEOUT_SECONDS, source, this.access.credentials());
    const response = await this.#send(request, credentials, signal);
    if (response.statusCode === 200) return decompress(response);
    if (response.statusCode === 401) this.access.invalidate?.();
    throw await readApiError(response, this.clock);
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #send(apiRequest: ApiRequest, credentials: Credentials, signal: AbortSignal): Promise<IncomingMessage> {
    for (;;) {
      const request = this.#newRequest(apiRequest, credentials, signal);
      try {
        return await this.#response(request);
      } catch (error) {
        // The server may close an idle connection at the moment when it is used again (Node, request.reusedSocket).
        const closed = request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
        if (!closed || signal.aborted) throw error;
      }
    }
  }

  #newRequest(apiRequest: ApiRequest, { tls, authorization }: Credentials, signal: AbortSignal): ClientRequest {
    const { path, query, gzip } = apiRequest;
    const { server } = this.access;
    const url = new URL(server);
    url.pathname = server.pathname.replace(/\/$/, '') + path;
    url.search = new URLSearchParams(query).toString();
    const headers = {
      accept: 'application/json',
      'user-agent': `foreshock/${VERSION}`,
      ...(gzip && { 'accept-encoding': 'gzip' }),
      ...(authorization !== undefined && { authorization }),
    };
    const { request } = server.protocol === 'http:' ? http : https;
    return request(url, { ...tls, agent: this.#agent, headers, signal }).end();
  }

  async #response(request: ClientRequest): Promise<IncomingMessage> {
    const { origin } = this.access.server;
    const giveUp = () =>
      request.destroy(new TimeoutError(`no response from ${origin} within ${HEADERS_TIMEOUT_SECONDS} s`));
    const cancel = this.clock.after(HEADERS_TIMEOUT_SECONDS, giveUp);
    try {
      const [response] = await once(request, 'response');
      return response;
    } finally {
      cancel();
      // From here on, the stream of the response reports errors.
      request.on('error', () => {});
    }
  }
}

function decompress(response: IncomingMessage): Readable {
  return response.headers['content-encoding'] === 'gzip' ? pipeline(response, createGunzip(), () => {}) : response;
}

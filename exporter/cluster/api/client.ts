import { once } from 'node:events';
import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { VERSION } from '../../version.ts';
import type { Access, Credentials } from './access.ts';
import { readApiError } from './api-error.ts';
import type { Clock } from './clock.ts';
import { TimeLimitError, within } from './time-limit.ts';

/** Seconds for credentials to be read, and for a connection to be made and the head of the answer to come. */
const CREDENTIALS_LIMIT = 35;
const ANSWER_LIMIT = 30;

/** Connections kept for the next request; TCP asks a silent peer after so long whether it is still there. */
const CONNECTIONS = { keepAlive: true, keepAliveMsecs: 30_000, maxFreeSockets: 4 };

/** What to ask for, below the server's address. */
export interface Question {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whether the answer may be compressed. A watch's may not, or events would wait for more to compress. */
  readonly gzip: boolean;
}

/** Asks the API server; only ever GET. */
export class ApiClient {
  readonly access: Access;
  readonly clock: Clock;
  readonly #agent: http.Agent;

  constructor(access: Access, clock: Clock) {
    this.access = access;
    this.clock = clock;
    this.#agent = access.server.protocol === 'http:' ? new http.Agent(CONNECTIONS) : new https.Agent(CONNECTIONS);
  }

  /** The body of the server's answer. Rejects with an `ApiError` for a refusal; the signal ends it at any time. */
  async get(question: Question, signal: AbortSignal): Promise<Readable> {
    const { source } = this.access;
    const credentials = await within(this.clock, CREDENTIALS_LIMIT, source, this.access.credentials());
    const answer = await this.#answer(question, credentials, signal);
    if (answer.statusCode === 200) return unpacked(answer);
    if (answer.statusCode === 401) this.access.refused?.();
    throw await readApiError(answer, this.clock);
  }

  /** Closes all connections. */
  close(): void {
    this.#agent.destroy();
  }

  async #answer(question: Question, credentials: Credentials, signal: AbortSignal): Promise<IncomingMessage> {
    for (;;) {
      const request = this.#request(question, credentials, signal);
      try {
        return await this.#head(request);
      } catch (error) {
        // The server may close an idle connection in the very moment when it is used again (Node, request.reusedSocket).
        const closed = request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
        if (!closed || signal.aborted) throw error;
      }
    }
  }

  #request({ path, query, gzip }: Question, { tls, authorization }: Credentials, signal: AbortSignal): ClientRequest {
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

  async #head(request: ClientRequest): Promise<IncomingMessage> {
    const giveUp = () =>
      request.destroy(new TimeLimitError(`no answer from ${this.access.server.origin} within ${ANSWER_LIMIT} s`));
    const cancel = this.clock.after(ANSWER_LIMIT, giveUp);
    try {
      const [answer] = await once(request, 'response');
      return answer;
    } finally {
      cancel();
      // What breaks from here on is told by the answer's stream.
      request.on('error', () => {});
    }
  }
}

function unpacked(answer: IncomingMessage): Readable {
  return answer.headers['content-encoding'] === 'gzip' ? pipeline(answer, createGunzip(), () => {}) : answer;
}

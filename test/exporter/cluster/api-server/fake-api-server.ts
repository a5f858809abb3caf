import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../../../exporter/cluster/api/clock.ts';
import type { ReflectorStatus } from '../../../../exporter/cluster/api/reflector.ts';
import type { Resource } from '../../../../exporter/cluster/objects.ts';
import type { Certificates } from './certificates.ts';
import { DISCOVERY, type Route, routeOf, TYPES, typeOf } from './discovery.ts';
import { type Fault, FaultQueue, refusal, status } from './faults.ts';
import { LiveWatch } from './live-watch.ts';
import { Pages } from './pages.ts';
import {
  type ApiObject,
  type ChangeType,
  type Contents,
  inNamespace,
  ResourceStore,
  StoredContents,
} from './resource-store.ts';
import { send } from './send.ts';

/** Changes that a resource remembers. */
const WINDOW = 5000;

/** A request for a resource. */
export interface Asked {
  readonly resource: Resource;
  readonly verb: 'list' | 'watch';
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
}

type Request = Pick<Asked, 'query' | 'headers' | 'path'>;

/** Lists and watches like a kube-apiserver, and fails like one when told to. */
export class FakeApiServer {
  /** What is accepted in the Authorization header; a client's certificate is in any case. */
  readonly accepted = new Set<string>();
  /** All requests for resources so far. */
  readonly asked: Asked[] = [];
  readonly pages = new Pages();
  readonly #clock: Clock;
  readonly #server: http.Server;
  readonly #stores = new Map<Resource, ResourceStore>();
  readonly #watches = new Set<LiveWatch>();
  readonly #faults = new FaultQueue();
  readonly #sockets = new Set<Socket>();
  readonly #scheme: string;
  #version = 1;
  #port = 0;

  /** Over TLS with these certificates, in the clear without. */
  constructor(clock: Clock, certificates?: Certificates) {
    this.#clock = clock;
    const answer = (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response);
    this.#scheme = certificates ? 'https' : 'http';
    this.#server = certificates ? https.createServer(tlsOptions(certificates), answer) : http.createServer(answer);
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    for (const resource of TYPES.keys()) this.load(resource, new StoredContents(), 1);
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Listens, on the same port each time. */
  async start(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Resets all connections, and refuses new ones. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.reset();
    await once(this.#server, 'close');
  }

  /** Resets all connections. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Replaces what a resource holds. Its past is forgotten. */
  load(resource: Resource, contents: Contents, version: number, window = WINDOW): void {
    this.#version = Math.max(this.#version, version);
    this.#stores.set(resource, new ResourceStore(contents, version, window));
  }

  /** Changes an object and tells those who watch. Without a version it gets the next one. */
  change(resource: Resource, type: ChangeType, object: ApiObject): void {
    const version = Number(object.metadata.resourceVersion ?? this.#version + 1);
    this.#version = Math.max(this.#version, version);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    this.#store(resource).apply({ type, object: stored, version });
    for (const watch of this.watches(resource)) watch.send({ type, object: stored });
  }

  /** Changes that nobody watches have raised the version. */
  skipTo(version: number): void {
    this.#version = Math.max(this.#version, version);
  }

  /** The watches that are open, the oldest first. */
  watches(resource: Resource): LiveWatch[] {
    return [...this.#watches].filter((watch) => watch.open && watch.resource === resource);
  }

  /** Whether a client that watches a resource, alone, has taken all that was sent. */
  reached(resource: Resource, { phase, resourceVersion, lastEventAt = 0 }: ReflectorStatus): boolean {
    const [watch] = this.watches(resource);
    if (phase !== 'watching' || !watch) return false;
    return lastEventAt >= watch.sentAt && Number(resourceVersion) >= this.#store(resource).version;
  }

  /** Answers the next requests of this kind so, one after the other. */
  fail(resource: Resource, verb: 'list' | 'watch', ...faults: Fault[]): void {
    this.#faults.add(`${verb} ${resource}`, faults);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const route = routeOf(pathname);
    const document = DISCOVERY.get(pathname);
    if (!this.#knows(request)) refusal(401, 'Unauthorized', 'Unauthorized')(response);
    else if (route) this.#serve(route, { query: searchParams, headers: request.headers, path: pathname }, response);
    else if (document) send(response, request.headers, document);
    else refusal(404, 'NotFound', 'the server could not find the requested resource')(response);
  }

  #knows({ socket, headers }: IncomingMessage): boolean {
    return (socket as TLSSocket).authorized === true || this.accepted.has(headers.authorization ?? '');
  }

  #serve(route: Route, request: Request, response: ServerResponse): void {
    const watch = request.query.get('watch');
    const verb = watch === '1' || watch === 'true' ? 'watch' : 'list';
    this.asked.push({ ...request, resource: route.resource, verb });
    const proceed = () => {
      if (verb === 'watch') this.#watch(route.resource, request.query, response);
      else this.#list(route, request, response);
    };
    const fault = this.#faults.take(`${verb} ${route.resource}`);
    if (fault) fault(response, proceed);
    else proceed();
  }

  #list({ resource, namespace }: Route, { query, headers }: Request, response: ServerResponse): void {
    const all = () => this.#store(resource).contents.snapshot();
    const wanted = () => (namespace === undefined ? all() : inNamespace(all(), namespace));
    const page = this.pages.page(query, this.#version, wanted);
    const { kind, apiVersion } = typeOf(resource);
    if (page) send(response, headers, { kind: `${kind}List`, apiVersion, ...page });
    else
      refusal(
        410,
        'Expired',
        'The provided continue parameter is too old to display a consistent list result.',
      )(response);
  }

  #watch(resource: Resource, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion') || this.#version);
    const { kind, apiVersion } = typeOf(resource);
    const bookmark = () => ({
      kind,
      apiVersion,
      metadata: { resourceVersion: `${this.#version}`, creationTimestamp: null },
    });
    // The API server keeps no watch cache of events, and without one there are no bookmarks.
    const watch = new LiveWatch(resource, response, query, this.#clock, resource === 'events' ? undefined : bookmark);
    const missed = this.#store(resource).since(from);
    if (missed) {
      for (const change of missed) watch.send(change);
      this.#watches.add(watch);
      response.on('close', () => this.#watches.delete(watch));
    } else {
      watch.send({ type: 'ERROR', object: status(410, 'Expired', `too old resource version: ${from}`) });
      watch.end();
    }
  }

  #store(resource: Resource): ResourceStore {
    return this.#stores.get(resource) as ResourceStore;
  }
}

function tlsOptions({ authority, server }: Certificates): https.ServerOptions {
  return { key: server.key, cert: server.cert, ca: authority.cert, requestCert: true, rejectUnauthorized: false };
}

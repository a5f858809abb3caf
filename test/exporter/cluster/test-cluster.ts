import type { TestContext } from 'node:test';
import { type Logger, pino } from 'pino';
import type { Access } from '../../../exporter/cluster/api/access.ts';
import { ApiClient } from '../../../exporter/cluster/api/client.ts';
import { Reflector, type ReflectorStatus } from '../../../exporter/cluster/api/reflector.ts';
import type { Resource } from '../../../exporter/cluster/objects.ts';
import type { Observer } from '../../../exporter/cluster/watcher.ts';
import { makeCertificates } from './api-server/certificates.ts';
import { TYPES } from './api-server/discovery.ts';
import { FakeApiServer } from './api-server/fake-api-server.ts';
import { Replay } from './api-server/replay.ts';
import { eventually } from './eventually.ts';
import { FakeClock } from './fake-clock.ts';
import { readRecordings } from './recordings.ts';

/** When the recordings begin: their lists were answered some seconds before the first change. */
export const RECORDED_FROM = 1795218590;

const TOKEN = 'Bearer of-the-test';

const certificates = makeCertificates();

/** A fake API server and what a client of it needs, until the test ends. */
export class TestCluster {
  readonly certificates = certificates;
  readonly clock = new FakeClock(RECORDED_FROM);
  readonly server = new FakeApiServer(this.clock, certificates);
  /** What was logged, as objects with `level`, `msg` and more. */
  readonly logged: Record<string, unknown>[] = [];
  readonly log: Logger = pino({ level: 'debug' }, { write: (line: string) => this.logged.push(JSON.parse(line)) });
  readonly #reflectors = new Map<Resource, Reflector>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];

  static async start(t: TestContext): Promise<TestCluster> {
    const cluster = new TestCluster();
    cluster.server.accepted.add(TOKEN);
    await cluster.server.start();
    t.after(() => cluster.#end());
    return cluster;
  }

  get access(): Access {
    const credentials = { tls: { ca: certificates.authority.cert }, authorization: TOKEN };
    return { server: new URL(this.server.url), source: 'the test', credentials: async () => credentials };
  }

  /** A client that is closed with the cluster. */
  client(access: Access = this.access): ApiClient {
    const client = new ApiClient(access, this.clock);
    this.#stop.signal.addEventListener('abort', () => client.close());
    return client;
  }

  /** Starts to follow these resources. */
  follow(
    resources: readonly Resource[],
    observers: ReadonlyMap<string, Observer>,
    client = this.client(),
    random = () => 0.5,
  ): void {
    for (const resource of resources) {
      const reflector = new Reflector(resource, client, observers, this.log, random);
      this.#reflectors.set(resource, reflector);
      this.#running.push(reflector.run(this.#stop.signal));
    }
  }

  reflector(resource: Resource): Reflector {
    const reflector = this.#reflectors.get(resource);
    if (!reflector) throw new Error(`${resource} are not followed`);
    return reflector;
  }

  /** Resolves when a resource that is followed is in this phase. */
  async phase(resource: Resource, phase: ReflectorStatus['phase']): Promise<void> {
    await eventually(
      () => this.reflector(resource).status,
      (status) => status.phase === phase,
    );
  }

  /** Resolves when all that the server has sent of a resource was taken. */
  async caughtUp(resource: Resource): Promise<void> {
    await eventually(() => this.server.reached(resource, this.reflector(resource).status));
  }

  /** The requests for a resource since the last call, as `list` and `watch@<resource version>`. */
  takeAsked(resource: Resource): string[] {
    const asked = this.server.asked.splice(0).filter((question) => question.resource === resource);
    return asked.map(({ verb, query }) => (verb === 'list' ? 'list' : `watch@${query.get('resourceVersion')}`));
  }

  /** Follows what was recorded of all resources. */
  replay(observers: ReadonlyMap<string, Observer>): Replay {
    const replay = new Replay(this.server, this.clock, readRecordings(), this.#reflectors);
    this.follow([...TYPES.keys()], observers);
    return replay;
  }

  /** Stops to follow; resolves when nothing goes on. */
  async stopFollowing(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #end(): Promise<void> {
    await this.stopFollowing();
    await this.server.stop();
  }
}

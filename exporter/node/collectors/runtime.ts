import { integer } from '../../config/option.ts';
import { gauge, type Sample, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import type { Runtime } from '../containers/container.ts';
import type { DaemonLookup } from '../inventory/facts.ts';
import { runtimeEndpoint } from '../inventory/find-locations.ts';
import { lookUpDaemonsInSlices, processOf } from '../inventory/lookups.ts';
import { DISTRIBUTION_SOCKETS } from '../locations/runtimes.ts';
import { type EndpointKind, nameEndpoint } from '../probes/endpoint-kind.ts';
import { type Ask, askDocker, askOverGrpc, CannotAsk, type Ping, ping } from '../probes/ping.ts';
import { type Evidence, type Intent, intentOf, runtimesOf } from '../probes/runtime-intent.ts';
import { isSocket, socketsOf } from '../probes/runtime-sockets.ts';
import { AUTO, pathsIn, socketOption } from '../probes/socket-option.ts';

export const up = gauge(
  'foreshock_runtime_up',
  'Whether the container runtime answers a ping on its socket (1) or not (0).',
  ['runtime'],
);
export const duration = gauge(
  'foreshock_runtime_ping_duration_seconds',
  'Seconds until the container runtime answered the last ping, or until the ping timed out.',
  ['runtime'],
);

const options = {
  'docker-socket': socketOption('Docker'),
  'containerd-socket': socketOption('containerd'),
  'crio-socket': socketOption('CRI-O'),
  'ping-timeout': integer(5, 'Seconds without an answer after which a runtime counts as down.', 1),
};

type Context = CollectorContext<typeof options>;

/** Seconds for which a lookup that found no dockerd holds: the first connection of anybody starts one. */
const MAX_ABSENCE_SECONDS = 10;

interface Asked {
  readonly name: Runtime;
  readonly option: 'docker-socket' | 'containerd-socket' | 'crio-socket';
  readonly ask: Ask;
}

const RUNTIMES: readonly Asked[] = [
  { name: 'docker', option: 'docker-socket', ask: askDocker },
  { name: 'containerd', option: 'containerd-socket', ask: askOverGrpc('/grpc.health.v1.Health/Check') },
  { name: 'cri-o', option: 'crio-socket', ask: askOverGrpc('/runtime.v1.RuntimeService/Version') },
];

interface State {
  readonly lookup?: DaemonLookup;
  /** Runtimes whose daemon ran, or that answered, since the exporter started. */
  readonly seen: readonly Runtime[];
  readonly endpoint?: EndpointKind;
}

/**
 * Pings go on side by side, each within its limit. All that is read besides is /proc, and whether the sockets are there,
 * on a tmpfs unless the flags or a configuration name other places.
 */
export const runtime = defineCollector({
  name: 'runtime',
  help: 'whether Docker, containerd and CRI-O answer a ping, and how fast',
  description:
    'Pinged every 15 s. 0 means that the daemon is dead or stands still; a daemon in which only some calls hang still ' +
    'answers. A runtime has a series only if the node uses it: it is at the endpoint of the kubelet, an enabled unit ' +
    'starts it, its daemon was seen running or answered since the exporter started, it has containers on disk, or a flag ' +
    'names its socket. Without a socket it is down only in the first two cases. A directory, a link to nothing or a ' +
    'socket of something else in its place is no runtime. Also 0 if the socket of Docker exists but dockerd is not ' +
    'running: it is then not pinged, to avoid socket activation by systemd. A ping times out after ' +
    '`--collector.runtime.ping-timeout`; if the connection was refused, the duration has no series.',
  metrics: [up, duration],
  reads: { rootfs: 'all' },
  options,
  schedule: '*/15 * * * * *',
  timeoutSeconds: 60,
  nonBlocking: true,

  async collect(context, previous: State | undefined) {
    const { host, facts, containers, options } = context;
    const known = { endpoint: runtimeEndpoint(facts.kubelet?.value), locations: facts.locations?.value ?? [] };
    const endpoint = await nameEndpoint(host, known, options['ping-timeout'], previous?.endpoint);
    const found = RUNTIMES.map((runtime) => {
      const named = options[runtime.option];
      const paths = named === AUTO ? socketsOf(runtime.name, known.locations, endpoint) : pathsIn(named);
      return { ...runtime, paths, isNamed: named !== AUTO, ...findSocket(paths, context) };
    });
    const isDockerThere = found.some(({ name, socket }) => name === 'docker' && socket !== undefined);
    const lookup = await lookUpProcesses(context, previous?.lookup, isDockerThere);
    const running = runtimesOf(lookup?.value ?? []);
    const evidence: Evidence = {
      ofKubelet: endpoint?.kind,
      enabled: facts.enabledRuntimes?.value ?? [],
      seen: [...new Set([...(previous?.seen ?? []), ...running])],
      withContainers: new Set(containers.containers.map(({ runtime }) => runtime)),
      running,
    };
    const asked = await Promise.all(found.map((runtime) => askOne(runtime, context, evidence, lookup)));
    const answered = RUNTIMES.filter((_, index) => asked[index]?.up).map(({ name }) => name);
    const seen = [...new Set([...evidence.seen, ...answered])];
    const state: State = { seen, ...(lookup && { lookup }), ...(endpoint && { endpoint }) };
    return { samples: RUNTIMES.flatMap(({ name }, index) => samplesOf(name, asked[index])), state };
  },
});

/**
 * The daemons, and if dockerd is not among them although its socket is there, as they were a moment ago; undefined, and reported,
 * where they may not be listed.
 */
async function lookUpProcesses(
  context: Context,
  previous: DaemonLookup | undefined,
  isDockerThere: boolean,
): Promise<DaemonLookup | undefined> {
  try {
    const lookup = await lookUpDaemonsInSlices(context, previous);
    if (!isDockerThere || processOf(lookup, 'dockerd')) return lookup;
    return await lookUpDaemonsInSlices(context, lookup, MAX_ABSENCE_SECONDS);
  } catch (error) {
    context.fault('the processes of daemons', error);
    return undefined;
  }
}

interface Found extends Asked {
  /** Where it may listen; none when it is not to be asked. */
  readonly paths: readonly string[];
  readonly isNamed: boolean;
  /** The first of the paths that is a socket. */
  readonly socket?: string;
  /** Whether it could not be told which are. */
  readonly isUnknown?: true;
}

const DOWN: Ping = { up: false, seconds: undefined };

/** How a runtime is; undefined when the node does not use it, or when that could not be told. */
async function askOne(
  { name, ask, paths, socket, isNamed, isUnknown }: Found,
  context: Context,
  evidence: Evidence,
  lookup: DaemonLookup | undefined,
): Promise<Ping | undefined> {
  if (paths.length === 0 || isUnknown) return undefined;
  const intent = intentOf(name, evidence, isNamed);
  if (socket === undefined) {
    if (intent === 'required' && !isNamed) return DOWN;
    context.absent(paths.join(', '));
    return undefined;
  }
  if (name !== 'docker') return tryPing(ask, socket, intent, context);
  if (lookup === undefined) return undefined;
  // systemd listens in the place of a Docker that was stopped, and would start it (docker.socket).
  if (processOf(lookup, 'dockerd')) return tryPing(ask, socket, intent, context);
  return intent && DOWN;
}

/** The first of these sockets that is there, as the host names it. What cannot be told is reported. */
function findSocket(paths: readonly string[], { host, fault }: Context) {
  for (const path of paths) {
    try {
      if (isSocket(host, path)) return { socket: path };
    } catch (error) {
      fault(path, error);
      return { isUnknown: true as const };
    }
  }
  return {};
}

/**
 * What came of a ping. Of a runtime that the node is not known to use only an answer counts; but nobody except a
 * distribution's own runtime listens where that does.
 */
async function tryPing(ask: Ask, socket: string, intent: Intent, context: Context): Promise<Ping | undefined> {
  const { host, options, fault, absent } = context;
  const isUsed = intent !== undefined || DISTRIBUTION_SOCKETS.has(socket);
  try {
    const pinged = await ping(ask, host.rootfs.resolve(socket), options['ping-timeout']);
    if (pinged.up || isUsed) return pinged;
  } catch (error) {
    if (isUsed || error instanceof CannotAsk) {
      fault(socket, error);
      return undefined;
    }
  }
  absent(`a runtime at ${socket} that this node uses`);
  return undefined;
}

function samplesOf(runtime: Runtime, pinged: Ping | undefined): Sample[] {
  if (!pinged) return [];
  return [sample(up, Number(pinged.up), { runtime }), ...sampleIfKnown(duration, pinged.seconds, { runtime })];
}

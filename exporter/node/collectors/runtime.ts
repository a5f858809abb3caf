import { integer, type Option, text } from '../../config/option.ts';
import { gauge, type Sample, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import type { DaemonLookup } from '../inventory/facts.ts';
import { lookUpDaemonsInSlices, processOf } from '../inventory/lookups.ts';
import { type Ask, askDocker, askOverGrpc, type Ping, ping } from '../probes/ping.ts';

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
  'docker-socket': socketOption('Docker', ['/run/docker.sock']),
  'containerd-socket': socketOption('containerd', [
    '/run/containerd/containerd.sock',
    '/run/k3s/containerd/containerd.sock',
  ]),
  'crio-socket': socketOption('CRI-O', ['/run/crio/crio.sock']),
  'ping-timeout': integer(5, 'Seconds without an answer after which a runtime counts as down.', 1),
};

type Context = CollectorContext<typeof options>;

/** Seconds for which a lookup that found no dockerd holds: the first connection of anybody starts one. */
const MAX_ABSENCE_SECONDS = 10;

interface Runtime {
  readonly name: 'docker' | 'containerd' | 'cri-o';
  readonly option: 'docker-socket' | 'containerd-socket' | 'crio-socket';
  readonly ask: Ask;
}

const RUNTIMES: readonly Runtime[] = [
  { name: 'docker', option: 'docker-socket', ask: askDocker },
  { name: 'containerd', option: 'containerd-socket', ask: askOverGrpc('/grpc.health.v1.Health/Check') },
  { name: 'cri-o', option: 'crio-socket', ask: askOverGrpc('/runtime.v1.RuntimeService/Version') },
];

/**
 * Pings go on side by side, each within its limit. All that is read besides is /proc, and whether the sockets are there,
 * on a tmpfs unless the flags name other places.
 */
export const runtime = defineCollector({
  name: 'runtime',
  help: 'whether Docker, containerd and CRI-O answer a ping, and how fast',
  description:
    'Pinged every 15 s; a runtime without a socket has no series. 0 means that the daemon is dead or stands still; a ' +
    'daemon in which only some calls hang still answers. Also 0 if the socket of Docker exists but dockerd is not ' +
    'running: it is then not pinged, to avoid socket activation by systemd. A ping times out after ' +
    '`--collector.runtime.ping-timeout`; if the connection was refused, the duration has no series.',
  metrics: [up, duration],
  options,
  schedule: '*/15 * * * * *',
  timeoutSeconds: 60,
  nonBlocking: true,

  async collect(context, previous: DaemonLookup | undefined) {
    const found = RUNTIMES.map((runtime) => ({ ...runtime, socket: findSocket(runtime, context) }));
    const isDockerThere = found.some(({ name, socket }) => name === 'docker' && socket !== undefined);
    const daemons = isDockerThere ? await lookUpDockerd(context, previous) : undefined;
    const isDockerdRunning = daemons !== undefined && processOf(daemons, 'dockerd') !== undefined;
    const samples = found.map(async ({ name, ask, socket }) => {
      if (socket === undefined) return [];
      // systemd listens in the place of a Docker that was stopped, and would start it (docker.socket).
      if (name === 'docker' && !isDockerdRunning) return samplesOf(name, { up: false, seconds: undefined });
      const pinged = await tryPing(ask, socket, context);
      return pinged ? samplesOf(name, pinged) : [];
    });
    return { samples: (await Promise.all(samples)).flat(), ...(daemons && { state: daemons }) };
  },
});

/** The daemons, and if dockerd is not among them as they were a moment ago. */
async function lookUpDockerd(context: Context, previous: DaemonLookup | undefined): Promise<DaemonLookup> {
  const lookup = await lookUpDaemonsInSlices(context, previous);
  return processOf(lookup, 'dockerd') ? lookup : lookUpDaemonsInSlices(context, lookup, MAX_ABSENCE_SECONDS);
}

function socketOption(runtime: string, paths: readonly string[]): Option<string> {
  const help =
    `Sockets of ${runtime} on the host, separated by commas; the first that exists is pinged (empty = none). They must ` +
    'not be on a disk that may hang.';
  return text(paths.join(','), help, (value) =>
    pathsIn(value).every((path) => path.startsWith('/')) ? undefined : 'must be absolute paths, separated by commas',
  );
}

function pathsIn(value: string): string[] {
  return value.split(',').filter(Boolean);
}

/** The first of a runtime's sockets that is there, as the host names it. */
function findSocket({ option }: Runtime, { host, options, fault, absent }: Context): string | undefined {
  const paths = pathsIn(options[option]);
  for (const path of paths) {
    try {
      if (host.rootfs.stat(path)) return path;
    } catch (error) {
      fault(path, error);
      return undefined;
    }
  }
  if (paths.length > 0) absent(paths.join(', '));
  return undefined;
}

async function tryPing(ask: Ask, socket: string, { host, options, fault }: Context): Promise<Ping | undefined> {
  try {
    return await ping(ask, host.rootfs.resolve(socket), options['ping-timeout']);
  } catch (error) {
    fault(socket, error);
    return undefined;
  }
}

function samplesOf(runtime: Runtime['name'], pinged: Ping): Sample[] {
  return [sample(up, Number(pinged.up), { runtime }), ...sampleIfKnown(duration, pinged.seconds, { runtime })];
}

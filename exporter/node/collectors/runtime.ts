import { integer, type Option, text } from '../../config/option.ts';
import { gauge, type Sample, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { type Sighting, sight } from '../daemons/sighting.ts';
import { type Ask, askDocker, askOverGrpc, type Ping, ping } from '../probes/ping.ts';

export const up = gauge(
  'foreshock_runtime_up',
  'Whether a container runtime answers a ping on its socket, 1 or 0: 0 is a daemon that is dead or stands still, not one ' +
    'of which only some calls hang. 0 too for a Docker socket without dockerd, which is not asked, as systemd would start ' +
    'it. No series for a runtime without socket. Asked every 15 s.',
  ['runtime'],
);
export const duration = gauge(
  'foreshock_runtime_ping_duration_seconds',
  'How long a container runtime took to answer the last ping, or was waited for when it did not answer within ' +
    '--collector.runtime.ping-timeout; no series when the connection was refused. Asked every 15 s.',
  ['runtime'],
);

const options = {
  'docker-socket': socketOption('Docker', ['/run/docker.sock']),
  'containerd-socket': socketOption('containerd', [
    '/run/containerd/containerd.sock',
    '/run/k3s/containerd/containerd.sock',
  ]),
  'crio-socket': socketOption('CRI-O', ['/run/crio/crio.sock']),
  'ping-timeout': integer(5, 'Seconds after which a runtime that has not answered is down.', 1),
};

type Context = CollectorContext<typeof options>;

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
  help: 'whether Docker, containerd and CRI-O answer on their sockets, and how soon',
  metrics: [up, duration],
  options,
  schedule: '*/15 * * * * *',
  timeout: 60,
  waits: true,

  async collect(context, previous: Sighting | undefined) {
    const found = RUNTIMES.map((runtime) => ({ ...runtime, socket: findSocket(runtime, context) }));
    const isDockerThere = found.some(({ name, socket }) => name === 'docker' && socket !== undefined);
    const dockerd = isDockerThere ? sight(context, 'dockerd', previous, 0) : undefined;
    const samples = found.map(async ({ name, ask, socket }) => {
      if (socket === undefined) return [];
      // systemd listens in the place of a Docker that was stopped, and would start it (docker.socket).
      if (name === 'docker' && dockerd?.pid === undefined) return samplesOf(name, { up: false, seconds: undefined });
      const pinged = await tryPing(ask, socket, context);
      return pinged ? samplesOf(name, pinged) : [];
    });
    return { samples: (await Promise.all(samples)).flat(), ...(dockerd && { state: dockerd }) };
  },
});

function socketOption(runtime: string, paths: readonly string[]): Option<string> {
  const help =
    `Socket of ${runtime} on the host, on no disk that may hang; of several, with commas between them, the first that ` +
    'is there; empty not to ask.';
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

function samplesOf(runtime: Runtime['name'], { up: isUp, seconds }: Ping): Sample[] {
  const state = sample(up, Number(isUp), { runtime });
  return seconds === undefined ? [state] : [state, sample(duration, seconds, { runtime })];
}

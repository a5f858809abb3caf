import { posix } from 'node:path';
import { property, stringProperty } from '../../formats/json.ts';
import { type DaemonProcess, filesOfDaemon } from '../daemons/daemon-processes.ts';
import type { Host } from '../host/host.ts';
import type { Tree } from '../host/tree.ts';
import { commandLine } from '../kernel/processes.ts';
import { tryRead } from '../report.ts';
import { readService } from '../services/service.ts';
import { loadJson } from './configuration-file.ts';
import { socketOfEndpoint } from './endpoint.ts';
import { argumentOf, argumentsOf } from './go-arguments.ts';
import type { Location } from './location.ts';
import { configuredBefore, ranked } from './ranking.ts';
import type { RuntimeLocationContext } from './runtime-context.ts';

const CONFIGURATION = '/etc/docker/daemon.json';

const DATA_ROOT = '/var/lib/docker';

export const DOCKER_SOCKET = '/run/docker.sock';

const ASSUMED_SOCKET: Location = {
  what: 'docker_socket',
  path: DOCKER_SOCKET,
  source: 'assumed',
  by: 'it is the default',
};

/** The snap of Docker gives its daemon these in its arguments; they stay when it is down (docker-snap, bin/dockerd-wrapper). */
const SNAP = { config: '/var/snap/docker/current/config/daemon.json', root: '/var/snap/docker/common/var-lib-docker' };

const OWN = { config: CONFIGURATION, root: DATA_ROOT };

const PLACES = ['docker_root', 'docker_socket'] as const;

/**
 * Where Docker has its things: the data root that the user gave and no other, else what the arguments of dockerd and its
 * configuration say, what the mounts of running containers tell, and the defaults. A data root with user namespaces
 * (`userns-remap`) is a directory of it, called by the user and group: `/var/lib/docker/165536.165536`.
 */
export function dockerLocations(context: RuntimeLocationContext): Location[] {
  const running = context.daemons.filter(({ daemon }) => daemon === 'dockerd');
  const read = running.map((process) => ofProcess(context, process));
  const now = read.flatMap((places) => places ?? []);
  const isDown = running.length === 0;
  const all = ranked([
    ...now,
    ...configuredBefore(context.previous, PLACES, 'docker_socket', now),
    ...context.mounted.dockerRoots.map((path) => rootAt(path, 'found', 'the mount table')),
    ...(isDown ? ofService(context) : []),
    ...(isDown ? [OWN, SNAP].flatMap((layout) => whileDown(context, layout)) : []),
    ...[OWN, SNAP].flatMap(({ root }) => lying(context, root)),
  ]);
  if (!context.dockerRoot) return all;
  const given = withRemapped(context.host, rootAt(context.dockerRoot, 'configured', 'the flag docker-root'), undefined);
  return [...given, ...all.filter(({ what }) => what !== 'docker_root')];
}

/** The data root that the user gave, and those with user namespaces in it. */
export function givenDataRoots(host: Host, root: string): string[] {
  return withRemapped(host, rootAt(root, 'configured', 'the flag docker-root'), undefined).map(({ path }) => path);
}

function rootAt(path: string, source: Location['source'], by: string): Location {
  return { what: 'docker_root', path: posix.normalize(path), source, by };
}

/** Undefined, and reported, when its arguments or its configuration cannot be read. */
function ofProcess(context: RuntimeLocationContext, process: DaemonProcess): Location[] | undefined {
  return tryRead(context, 'the configuration of dockerd', () => {
    const args = commandLine(context.host, process.pid).slice(1);
    const files = filesOfDaemon(context.host, process);
    const config = argumentOf(args, 'config-file') ?? CONFIGURATION;
    const given = { args, by: (flag: string) => `dockerd --${flag}` };
    return placesOf(context.host, given, files, { config, root: DATA_ROOT });
  });
}

/** What a configuration says of which no dockerd runs. */
function whileDown(context: RuntimeLocationContext, layout: typeof OWN): Location[] {
  const files = context.host.rootfs;
  const read = () => (files.stat(layout.config) ? placesOf(context.host, NOT_GIVEN, files, layout) : []);
  return tryRead(context, layout.config, read) ?? [];
}

/** What the host would start dockerd with, while it does not run. */
function ofService(context: RuntimeLocationContext): Location[] {
  const files = context.host.rootfs;
  const places = tryRead(context, 'the service of Docker', () => {
    const service = readService(files, 'docker');
    if (!service) return [];
    const config = argumentOf(service.args, 'config-file') ?? CONFIGURATION;
    return placesOf(context.host, { args: service.args, by: () => service.file }, files, { config, root: DATA_ROOT });
  });
  // Its defaults say nothing: packages bring services that nobody starts.
  return places?.filter(({ source }) => source === 'configured') ?? [];
}

/** Arguments, and what gave a flag of them. */
interface Given {
  readonly args: readonly string[];
  readonly by: (flag: string) => string;
}

const NOT_GIVEN: Given = { args: [], by: () => '' };

/** The data root is `data-root`, named `graph` before 17.05; dockerd refuses a setting that is in its file and its arguments. */
function placesOf(host: Host, { args, by }: Given, files: Tree, { config, root: usual }: typeof OWN): Location[] {
  const file = loadJson(files, config);
  const flag = argumentOf(args, 'data-root') ?? argumentOf(args, 'graph', 'g');
  const set = stringProperty(file, 'data-root') || stringProperty(file, 'graph');
  const root = flag
    ? rootAt(flag, 'configured', by('data-root'))
    : set
      ? rootAt(set, 'configured', config)
      : rootAt(usual, 'assumed', 'it is the default');
  const remap = argumentOf(args, 'userns-remap') ? by('userns-remap') : undefined;
  const remapped = remap ?? (stringProperty(file, 'userns-remap') ? config : undefined);
  return [...withRemapped(host, root, remapped), ...socketsOf({ args, by }, file, config)];
}

/** `remapped`: what says that user namespaces are used now; those that were used before have left their containers there. */
function withRemapped(host: Host, root: Location, remapped: string | undefined): Location[] {
  const names = directoriesIn(host, root.path).filter((name) => /^\d+\.\d+$/.test(name));
  const paths = names.map((name) => posix.join(root.path, name));
  const used = paths.filter((path) => host.rootfs.stat(`${path}/containers`)?.isDirectory());
  const inside = used.map((path) =>
    remapped ? rootAt(path, 'configured', remapped) : rootAt(path, 'found', 'it is there'),
  );
  return remapped ? [...inside, root] : [root, ...inside];
}

/** None of a root that may not be read: it is where it is, and whoever looks for containers there reports why it cannot. */
function directoriesIn(host: Host, path: string): string[] {
  try {
    return host.rootfs.directories(path);
  } catch {
    return [];
  }
}

/** `unix:///run/docker.sock`; `fd://` is a socket of systemd (docker.socket), which by default is the same. */
function socketsOf({ args, by }: Given, file: unknown, config: string): Location[] {
  const flags = argumentsOf(args, 'host', 'H');
  const hosts = property(file, 'hosts');
  const given = flags.length > 0 ? flags : Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string') : [];
  const source = flags.length > 0 ? by('host') : config;
  if (given.length === 0) return [ASSUMED_SOCKET];
  return given.flatMap((host): Location[] => {
    if (host.startsWith('fd://')) return [ASSUMED_SOCKET];
    const path = socketOfEndpoint(host);
    return path ? [{ what: 'docker_socket', path: posix.normalize(path), source: 'configured', by: source }] : [];
  });
}

function lying({ host, progress }: RuntimeLocationContext, root: string): Location[] {
  progress(root);
  if (!host.rootfs.stat(root)?.isDirectory()) return [];
  return [...withRemapped(host, rootAt(root, 'found', 'it is there'), undefined), ASSUMED_SOCKET];
}

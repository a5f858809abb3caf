import { posix } from 'node:path';
import { type DaemonProcess, filesOfDaemon } from '../daemons/daemon-processes.ts';
import type { Tree } from '../host/tree.ts';
import { commandLine } from '../kernel/processes.ts';
import { tryRead } from '../report.ts';
import { readService } from '../services/service.ts';
import { CONTAINERD, CONTAINERD_LAYOUTS, type ContainerdLayout, PROXY_ROOTS } from './containerd-layouts.ts';
import { type ContainerdSettings, readContainerdSettings, type Setting } from './containerd-settings.ts';
import { isBefore2 } from './containerd-version.ts';
import { atEndpoint, isSameSocket, runtimeNamed, socketOfEndpoint } from './endpoint.ts';
import { argumentOf } from './go-arguments.ts';
import type { Location, LocationSource, Place } from './location.ts';
import { configuredBefore, ranked } from './ranking.ts';
import type { RuntimeLocationContext } from './runtime-context.ts';

const PLACES = ['containerd_root', 'containerd_state', 'containerd_snapshots', 'containerd_socket'] as const;

const NOTHING: ContainerdSettings = { used: [], roots: new Map(), proxies: [] };

/**
 * Where containerd has its things, of all that run: what their arguments and their configuration say, the layers of the pods
 * that run, what lies in the places of distributions, and containerd's defaults. The one that the kubelet uses goes first.
 */
export function containerdLocations(context: RuntimeLocationContext): Location[] {
  const socket = socketOfEndpoint(context.endpoint);
  const isOfKubelet = (places: readonly Location[]) =>
    places.some(({ what, path }) => what === 'containerd_socket' && socket !== undefined && isSameSocket(path, socket));
  const running = context.daemons.filter(({ daemon }) => daemon === 'containerd');
  const read = running.map((process) => ofProcess(context, process));
  const isComplete = running.length > 0 && read.every((places) => places !== undefined);
  const instances = read.flatMap((places) => (places ? [places] : []));
  const idle = isComplete ? [] : CONTAINERD_LAYOUTS.flatMap((layout) => ofLayout(context, layout));
  const service = isComplete ? [] : ofService(context);
  return ranked([
    ...(socket && runtimeNamed(socket) === 'containerd' ? [atEndpoint('containerd_socket', socket)] : []),
    ...instances.sort((a, b) => Number(isOfKubelet(b)) - Number(isOfKubelet(a))).flat(),
    ...configuredBefore(context.previous, PLACES, 'containerd_socket', instances.flat()),
    ...context.mounted.containerdStates.map((path) => mounted('containerd_state', path)),
    ...context.mounted.snapshotters.map((path) => mounted('containerd_snapshots', path)),
    ...service,
    ...idle,
    ...CONTAINERD_LAYOUTS.flatMap((layout) => lyingIn(context, layout)),
  ]);
}

function mounted(what: Place, path: string): Location {
  return { what, path, source: 'found', by: 'the mount table' };
}

/** Undefined, and reported, when its arguments or its configuration cannot be read. */
function ofProcess(context: RuntimeLocationContext, process: DaemonProcess): Location[] | undefined {
  return tryRead(context, 'the configuration of containerd', () => {
    const args = commandLine(context.host, process.pid).slice(1);
    const isOld = () => isBefore2(context.host, process.pid);
    return ofArguments(filesOfDaemon(context.host, process), args, (flag) => `containerd --${flag}`, isOld);
  });
}

/** `by` names what gave a flag. */
function ofArguments(
  files: Tree,
  args: readonly string[],
  by: (flag: string) => string,
  isOld?: () => boolean | undefined,
): Location[] {
  const config = argumentOf(args, 'config', 'c') ?? CONTAINERD.config;
  const settings = readContainerdSettings(files, config, isOld) ?? NOTHING;
  const given = (name: string, value: string | undefined) =>
    value === undefined ? {} : { [name]: { value, by: by(name) } };
  const flags = {
    ...given('root', argumentOf(args, 'root')),
    ...given('state', argumentOf(args, 'state')),
    ...given('address', socketOfEndpoint(argumentOf(args, 'address', 'a'))),
  };
  return placesOf(files, { ...settings, ...flags }, CONTAINERD);
}

/** What the host would start containerd with, while it does not run. */
function ofService(context: RuntimeLocationContext): Location[] {
  const files = context.host.rootfs;
  const places = tryRead(context, 'the service of containerd', () => {
    const service = readService(files, 'containerd');
    return service && ofArguments(files, service.args, () => service.file);
  });
  // Its defaults say nothing: packages bring services that nobody starts.
  return places?.filter(({ source }) => source === 'configured') ?? [];
}

/** What a configuration says of which no containerd runs. */
function ofLayout(context: RuntimeLocationContext, layout: ContainerdLayout): Location[] {
  const files = context.host.rootfs;
  const settings = tryRead(context, layout.config, () => readContainerdSettings(files, layout.config));
  return settings ? placesOf(files, settings, layout) : [];
}

/** What is there of a distribution, whether or not it runs. */
function lyingIn({ host, progress }: RuntimeLocationContext, layout: ContainerdLayout): Location[] {
  progress(layout.root);
  const status = (path: string) => host.rootfs.stat(path);
  const snapshots = snapshotterBelow(layout.root, 'overlayfs');
  const places: readonly (readonly [Place, string, boolean | undefined])[] = [
    ['containerd_root', layout.root, status(layout.root)?.isDirectory()],
    ['containerd_snapshots', snapshots, status(snapshots)?.isDirectory()],
    ['containerd_state', layout.state, status(layout.state)?.isDirectory()],
    ['containerd_socket', layout.socket, status(layout.socket)?.isSocket()],
  ];
  return places.flatMap(([what, path, isThere]) =>
    isThere ? [{ what, path, source: 'found', by: 'it is there' }] : [],
  );
}

function placesOf(files: Tree, settings: ContainerdSettings, defaults: ContainerdLayout): Location[] {
  const place = (what: Place, setting: Setting | undefined, assumed: string): Location =>
    setting
      ? { what, path: posix.normalize(setting.value), source: 'configured', by: setting.by }
      : { what, path: assumed, source: 'assumed', by: 'it is the default' };
  const root = place('containerd_root', settings.root, defaults.root);
  const socket = place('containerd_socket', settings.address, defaults.socket);
  // The one that dockerd runs for itself (moby, libcontainerd/supervisor) is a part of Docker.
  const isOfDocker = root.path.endsWith('/containerd/daemon');
  return [
    root,
    place('containerd_state', settings.state, defaults.state),
    ...snapshotters(files, settings, root),
    ...(isOfDocker ? [] : [socket]),
  ];
}

/** The directories of the snapshotters that are used, overlayfs unless the configuration has others, and of configured ones. */
function snapshotters(files: Tree, settings: ContainerdSettings, root: Location): Location[] {
  const { used, proxies, roots } = settings;
  const names = [...used, ...(used.length > 0 ? [] : [{ value: 'overlayfs' }]), ...proxies].map(({ value }) => value);
  return [...new Set([...names, ...roots.keys()])].map((name) => {
    const location = (path: string, source: LocationSource, by: string): Location => ({
      what: 'containerd_snapshots',
      path: posix.normalize(path),
      source,
      by,
    });
    const configured = roots.get(name);
    if (configured) return location(configured.value, 'configured', configured.by);
    const below = snapshotterBelow(root.path, name);
    const ofProxy = PROXY_ROOTS[name];
    // k3s has some of them built in, with their layers below its root.
    if (ofProxy === undefined || files.stat(below)) return location(below, root.source, root.by);
    return location(ofProxy, files.stat(ofProxy) ? 'found' : 'assumed', `the default of ${name}`);
  });
}

function snapshotterBelow(root: string, name: string): string {
  return posix.join(root, `io.containerd.snapshotter.v1.${name}`);
}

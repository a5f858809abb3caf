import { posix } from 'node:path';
import { property, stringProperty } from '../../formats/json.ts';
import { type DaemonProcess, filesOfDaemon } from '../daemons/daemon-processes.ts';
import type { Tree } from '../host/tree.ts';
import { commandLine } from '../kernel/processes.ts';
import { tryRead } from '../report.ts';
import { readService } from '../services/service.ts';
import { loadToml } from './configuration-file.ts';
import { atEndpoint, runtimeNamed, socketOfEndpoint } from './endpoint.ts';
import { argumentOf } from './go-arguments.ts';
import type { Location, Place } from './location.ts';
import { configuredBefore, ranked } from './ranking.ts';
import type { RuntimeLocationContext } from './runtime-context.ts';

/** The names and defaults of CRI-O's places (crio.conf(5), storage.conf(5)). */
const DEFAULTS = {
  crio_root: '/var/lib/containers/storage',
  crio_run_root: '/run/containers/storage',
  crio_socket: '/run/crio/crio.sock',
} as const;

const WITH_DEFAULT = ['crio_root', 'crio_run_root', 'crio_socket'] as const;

export const CRIO_SOCKET = DEFAULTS.crio_socket;

const PLACES = ['crio_root', 'crio_run_root', 'crio_images', 'crio_socket'] as const;

/** The first that is there counts (containers/storage, types/options.go). */
const STORAGE_FILES = ['/etc/containers/storage.conf', '/usr/share/containers/storage.conf'];

const CONFIGURATION = '/etc/crio/crio.conf';
const DROP_INS = '/etc/crio/crio.conf.d';

/** Files of crio.conf.d that are read. */
const MAX_DROP_INS = 100;

/** How each place is called: in storage.conf, in crio.conf and as a flag. The images are where all is unless they have a place. */
const KEYS: readonly (readonly [what: Place, storage: string, crio: string])[] = [
  ['crio_root', 'graphroot', 'root'],
  ['crio_run_root', 'runroot', 'runroot'],
  ['crio_images', 'imagestore', 'imagestore'],
];

/**
 * Where CRI-O has its things: its arguments go before the files of crio.conf.d, the last by name first, these before crio.conf
 * and that before storage.conf (crio.conf.d(5)); then what lies in its usual place.
 */
export function crioLocations(context: RuntimeLocationContext): Location[] {
  const running = context.daemons.filter(({ daemon }) => daemon === 'crio');
  const read = running.map((process) => ofProcess(context, process));
  const now = read.flatMap((places) => places ?? []);
  const isComplete = running.length > 0 && read.every((places) => places !== undefined);
  const socket = socketOfEndpoint(context.endpoint);
  const isOfKubelet = socket !== undefined && runtimeNamed(socket) === 'cri-o';
  return ranked([
    ...(isOfKubelet ? [atEndpoint('crio_socket', socket)] : []),
    ...now,
    ...configuredBefore(context.previous, PLACES, 'crio_socket', now),
    ...(isComplete ? [] : whileDown(context)),
    ...lying(context),
    ...(isOfKubelet ? assumed(['crio_root', 'crio_run_root']) : []),
  ]);
}

/** Undefined, and reported, when its arguments or its configuration cannot be read. */
function ofProcess(context: RuntimeLocationContext, process: DaemonProcess): Location[] | undefined {
  return tryRead(context, 'the configuration of CRI-O', () => {
    const args = commandLine(context.host, process.pid).slice(1);
    return placesOf(ofArguments(filesOfDaemon(context.host, process), args, (flag) => `crio --${flag}`));
  });
}

/** `by` names what gave a flag. */
function ofArguments(files: Tree, args: readonly string[], by: (flag: string) => string): Given {
  const given = readGiven(files, argumentOf(args, 'config', 'c'), argumentOf(args, 'config-dir', 'd'));
  for (const [what, , name] of KEYS) note(given, what, argumentOf(args, name), by(name));
  note(given, 'crio_socket', argumentOf(args, 'listen'), by('listen'));
  return given;
}

/** What the host would start CRI-O with, and what the usual files say, if it has any. */
function whileDown(context: RuntimeLocationContext): Location[] {
  const files = context.host.rootfs;
  const places = tryRead(context, CONFIGURATION, () => {
    const service = readService(files, 'crio') ?? readService(files, 'cri-o');
    const isThere = service ?? files.stat(CONFIGURATION) ?? files.stat(DROP_INS);
    return isThere ? placesOf(ofArguments(files, service?.args ?? [], () => service?.file ?? '')) : [];
  });
  return places ?? [];
}

function lying({ host }: RuntimeLocationContext): Location[] {
  const root = DEFAULTS.crio_root;
  const isThere = host.rootfs.stat(`${root}/overlay-containers`)?.isDirectory();
  return isThere ? [{ what: 'crio_root', path: root, source: 'found', by: 'it is there' }] : [];
}

/** What is configured, by place. */
type Given = Map<Place, Location>;

function readGiven(files: Tree, config = CONFIGURATION, dropIns = DROP_INS): Given {
  const given: Given = new Map();
  const storage = STORAGE_FILES.find((path) => files.stat(path));
  if (storage) noteAll(given, property(loadToml(files, storage), 'storage'), 1, storage);
  // CRI-O takes all files there, whatever they are called: OpenShift's is `00-default` (cri-o, pkg/config, UpdateFromPath).
  const names = files.subtree(dropIns).listIfPresent();
  if (names.length > MAX_DROP_INS) throw new Error(`${dropIns}: more than ${MAX_DROP_INS} files`);
  for (const path of [config, ...names.sort().map((name) => posix.join(dropIns, name))]) {
    if (!files.stat(path)?.isFile()) continue;
    const crio = property(loadToml(files, path), 'crio');
    noteAll(given, crio, 2, path);
    note(given, 'crio_socket', stringProperty(property(crio, 'api'), 'listen'), path);
  }
  return given;
}

function noteAll(given: Given, table: unknown, column: 1 | 2, by: string): void {
  for (const key of KEYS) note(given, key[0], stringProperty(table, key[column]), by);
}

function note(given: Given, what: Place, text: string | undefined, by: string): void {
  const path = what === 'crio_socket' ? socketOfEndpoint(text) : text;
  if (path?.startsWith('/')) given.set(what, { what, path: posix.normalize(path), source: 'configured', by });
}

function placesOf(given: Given): Location[] {
  return [...given.values(), ...assumed(WITH_DEFAULT.filter((what) => !given.has(what)))];
}

function assumed(places: readonly (keyof typeof DEFAULTS)[]): Location[] {
  return places.map((what) => ({ what, path: DEFAULTS[what], source: 'assumed', by: 'it is the default' }));
}

import type { Runtime } from '../containers/container.ts';
import type { Host } from '../host/host.ts';

/** Runtimes that the host starts by itself. */
export type EnabledRuntimes = readonly Runtime[];

/** Units of systemd that are a runtime, by their usual names. */
const UNITS: readonly (readonly [name: string, Runtime])[] = [
  ['docker.service', 'docker'],
  ['snap.docker.dockerd.service', 'docker'],
  ['containerd.service', 'containerd'],
  ['snap.microk8s.daemon-containerd.service', 'containerd'],
  ['crio.service', 'cri-o'],
  ['cri-o.service', 'cri-o'],
];

/** Services of OpenRC, links in the directory of a runlevel. */
const SERVICES: typeof UNITS = [
  ['docker', 'docker'],
  ['containerd', 'containerd'],
  ['crio', 'cri-o'],
];

/** Where links to units that are wanted may be, what the administrator made first (systemd.unit(5)). */
const UNIT_DIRECTORIES = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** The administrator's: a link to /dev/null there masks the unit, whoever wants it. */
const MASKS = ['/etc/systemd/system', '/run/systemd/system'];

const RUNLEVELS = '/etc/runlevels';

/**
 * Runtimes whose unit another one wants, as `systemctl enable` makes it be: a link in a directory `*.wants` or `*.requires`
 * that leads to a unit, which is not masked; with OpenRC a link in a runlevel.
 */
export function enabledRuntimes(host: Host): EnabledRuntimes {
  const wanted = UNIT_DIRECTORIES.flatMap((directory) => below(host, directory, /\.(wants|requires)$/));
  const units = wanted.flatMap((directory) => listed(host, directory, UNITS));
  const services = below(host, RUNLEVELS, /./).flatMap((directory) => listed(host, directory, SERVICES));
  const unmasked = units.filter(([unit]) => !isMasked(host, unit));
  return [...new Set([...unmasked, ...services].map(([, runtime]) => runtime))];
}

function below({ rootfs }: Host, directory: string, name: RegExp): string[] {
  const names = rootfs.subtree(directory).directories();
  return names.filter((found) => name.test(found)).map((found) => `${directory}/${found}`);
}

/** Those that have a link in a directory, and one that leads to a file: a unit may have been removed with its package. */
function listed({ rootfs }: Host, directory: string, wanted: typeof UNITS): (typeof UNITS)[number][] {
  const names = new Set(rootfs.subtree(directory).listIfPresent());
  return wanted.filter(([name]) => names.has(name) && rootfs.stat(`${directory}/${name}`)?.isFile());
}

function isMasked({ rootfs }: Host, unit: string): boolean {
  return MASKS.some((directory) => rootfs.linkTarget(`${directory}/${unit}`) === '/dev/null');
}

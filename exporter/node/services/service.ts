import type { Tree } from '../host/tree.ts';
import { openrcService } from './openrc.ts';
import type { Service } from './service-file.ts';
import { systemdService } from './systemd.ts';

/**
 * The service of this name, of systemd or else of OpenRC; undefined when the host has none. Throws when a file of it cannot
 * be read.
 */
export function readService(files: Tree, name: string): Service | undefined {
  return systemdService(files, name) ?? openrcService(files, name);
}

/**
 * Whether the host is to start a service by itself: a unit of systemd is wanted or required by another one, a service of
 * OpenRC is in a runlevel. A unit that is only there says nothing: packages bring them.
 */
export function isEnabled(files: Tree, name: string): boolean {
  const wants = ['/etc/systemd/system', '/run/systemd/system'].flatMap((directory) =>
    files
      .subtree(directory)
      .listIfPresent()
      .filter((entry) => /\.(?:wants|requires)$/.test(entry))
      .map((entry) => `${directory}/${entry}/${name}.service`),
  );
  const runlevels = files
    .subtree('/etc/runlevels')
    .listIfPresent()
    .map((level) => `/etc/runlevels/${level}/${name}`);
  return [...wants, ...runlevels].some((path) => files.lstat(path) !== undefined);
}

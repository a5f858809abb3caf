import type { Tree } from '../host/tree.ts';
import { openrcService } from './openrc.ts';
import type { Service } from './service-file.ts';
import { systemdService } from './systemd.ts';

/** The service of this name, of systemd or else of OpenRC; undefined when the host has none. Throws when a file of it cannot be read. */
export function readService(files: Tree, name: string): Service | undefined {
  return systemdService(files, name) ?? openrcService(files, name);
}

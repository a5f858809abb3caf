import { load } from 'js-yaml';
import type { Host } from '../host/host.ts';

/** A YAML or JSON file of the host, undefined when absent. Errors name the file. */
export function loadYaml(host: Host, path: string): unknown {
  try {
    const text = host.rootfs.readResolved(path);
    return text === undefined ? undefined : load(text);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

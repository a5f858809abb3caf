import { MAX_DAEMON_FILE_BYTES } from '../host/configuration-file.ts';
import type { Tree } from '../host/tree.ts';
import type { Environment } from '../services/service-file.ts';

/** Where the flags of the kubelet are when nobody says so. */
export const MICROK8S_ARGUMENTS = '/var/snap/microk8s/current/args/kubelet';

/** Directories of the snap, as snapd sets them (snapcraft.io/docs/environment-variables). */
const DIRECTORIES: Environment = {
  SNAP: '/snap/microk8s/current',
  SNAP_DATA: '/var/snap/microk8s/current',
  SNAP_COMMON: '/var/snap/microk8s/common',
};

/** MicroK8s has the flags of its kubelet in a file, one a line, values quoted or not, with variables of the snap in them. */
export function microk8sArguments(files: Tree, path: string | undefined, environment: Environment): string[] {
  const text = path ? (files.readUntrustedIfPresent(path, MAX_DAEMON_FILE_BYTES) ?? '') : '';
  const variables = { ...DIRECTORIES, ...environment };
  const lines = text.split('\n').map((line) => line.trim().replaceAll(/["']/g, ''));
  return lines
    .filter((line) => line.startsWith('--'))
    .map((line) =>
      line.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (variable, braced?: string, plain?: string) => {
        return variables[braced ?? plain ?? ''] ?? variable;
      }),
    );
}

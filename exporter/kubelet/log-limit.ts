import { posix } from 'node:path';
import { load } from 'js-yaml';
import { isAbsence } from '../absence.ts';
import { property } from '../containers/json.ts';
import type { Host } from '../host.ts';
import { commandLine, findProcess, flagValue } from '../kernel/processes.ts';
import { parseQuantity } from './quantity.ts';

/** Where kubeadm puts the kubelet's configuration. */
const USUAL_CONFIG = '/var/lib/kubelet/config.yaml';

/**
 * Bytes that the kubelet lets the log of one container grow to: `containerLogMaxSize` × `containerLogMaxFiles` of its
 * configuration file, overridden by its flags, 10Mi × 5 by default (pkg/kubelet/apis/config/v1beta1/defaults.go).
 * Infinity when a negative size switches rotation off. Throws when the file is there and makes no sense.
 */
export function readLogLimit(host: Host): number {
  const pid = findProcess(host, 'kubelet');
  const args = pid === undefined ? [] : commandLine(host, pid);
  const config = readConfig(host, pid, flagValue(args, 'config'));
  const maxSize = flagValue(args, 'container-log-max-size') ?? property(config, 'containerLogMaxSize') ?? '10Mi';
  const maxFiles = flagValue(args, 'container-log-max-files') ?? property(config, 'containerLogMaxFiles') ?? 5;
  const size = parseQuantity(String(maxSize));
  const files = Number(maxFiles);
  if (!Number.isInteger(files)) throw new Error(`not a number of log files: ${JSON.stringify(maxFiles)}`);
  return size < 0 ? Number.POSITIVE_INFINITY : size * files;
}

/** The file of `--config`, relative to the kubelet's working directory, else the usual one. */
function readConfig(host: Host, pid: number | undefined, flag: string | undefined): unknown {
  const paths = flag === undefined ? [] : [posix.resolve(host.procfs.readLink(`${pid}/cwd`) ?? '/', flag)];
  for (const path of [...paths, USUAL_CONFIG]) {
    try {
      return load(host.rootfs.subtree(posix.dirname(path)).read(posix.basename(path)));
    } catch (error) {
      if (!isAbsence(error)) throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
    }
  }
  return undefined;
}

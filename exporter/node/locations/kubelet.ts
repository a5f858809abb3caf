import type { Host } from '../host/host.ts';
import type { KubeletConfiguration } from '../kubelet/configuration.ts';
import type { Location, Place } from './location.ts';

/** The defaults of `--root-dir` (cmd/kubelet/app/options) and of `podLogsDir` (pkg/kubelet/apis/config/v1beta1/defaults.go). */
const ROOT = '/var/lib/kubelet';
const POD_LOGS = '/var/log/pods';

/**
 * Where the kubelet has its configuration, its pods and their logs, by what it was last known to run with. On a host
 * without a kubelet only what is there by default.
 */
export function kubeletLocations(host: Host, configuration: KubeletConfiguration | undefined): Location[] {
  return [...configurationFile(configuration), ...rootDirectory(host, configuration), ...podLogs(host, configuration)];
}

function configurationFile({ file, flagsFrom }: Partial<KubeletConfiguration> = {}): Location[] {
  if (!file) return [];
  const { path, isGiven } = file;
  if (!isGiven) return [{ what: 'kubelet_config', path, source: 'found', by: 'the usual places' }];
  return [{ what: 'kubelet_config', path, source: 'configured', by: `--config of ${flagsFrom}` }];
}

function rootDirectory(host: Host, configuration: KubeletConfiguration | undefined): Location[] {
  const { rootDirectory: path, flagsFrom } = configuration ?? {};
  if (path) return [{ what: 'kubelet_root', path, source: 'configured', by: `--root-dir of ${flagsFrom}` }];
  return defaultDirectory(host, 'kubelet_root', ROOT, 'pods', configuration);
}

function podLogs(host: Host, configuration: KubeletConfiguration | undefined): Location[] {
  const path = textOf(configuration, 'podLogsDir');
  if (configuration && path?.startsWith('/')) {
    const by = `podLogsDir of ${configuration.sources.join(', ')}`;
    return [{ what: 'pod_logs', path: path.replace(/\/+$/, '') || '/', source: 'configured', by }];
  }
  return defaultDirectory(host, 'pod_logs', POD_LOGS, '', configuration);
}

/** Without a kubelet a directory that is not there is nowhere. */
function defaultDirectory(
  host: Host,
  what: Place,
  path: string,
  content: string,
  configuration: KubeletConfiguration | undefined,
): Location[] {
  if (isThere(host, content === '' ? path : `${path}/${content}`)) {
    return [{ what, path, source: 'found', by: 'what lies there' }];
  }
  return configuration ? [{ what, path, source: 'assumed', by: "the kubelet's default" }] : [];
}

/** Undefined for what is not set, or no text: a kubelet does not start with that. */
function textOf(configuration: KubeletConfiguration | undefined, field: string): string | undefined {
  const value = configuration?.fields[field];
  return typeof value === 'string' ? value : undefined;
}

/** What is there and cannot be looked at is a fault of whoever reads it. */
function isThere({ rootfs }: Host, path: string): boolean {
  try {
    return rootfs.stat(path) !== undefined;
  } catch {
    return true;
  }
}

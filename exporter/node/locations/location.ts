import type { Notice } from '../report.ts';

/** What a node keeps somewhere: directories of files, configuration files and sockets. */
export type Place =
  | 'kubelet_config'
  | 'kubelet_root'
  | 'pod_logs'
  | 'docker_root'
  | 'docker_socket'
  | 'containerd_root'
  | 'containerd_state'
  | 'containerd_snapshots'
  | 'containerd_socket'
  | 'crio_root'
  | 'crio_run_root'
  | 'crio_images'
  | 'crio_socket';

/**
 * How a location is known: `configured` by the arguments or environment of a running daemon, its configuration files or a
 * flag of ours; `found` by what lies there or is mounted from there; `assumed` because it is there by default.
 */
export type LocationSource = 'configured' | 'found' | 'assumed';

/** Where something is on this host. A plain value, so that it can cross threads. */
export interface Location {
  readonly what: Place;
  /** An absolute path, as the host names it. */
  readonly path: string;
  readonly source: LocationSource;
  /** What says so, for the log: a file, a flag of a process, the mount table. */
  readonly by: string;
}

/** Those of `now` that `before` has not, or knows in another way. */
export function changedLocations(before: readonly Location[], now: readonly Location[]): Location[] {
  return now.filter(({ what, path, source }) => {
    return !before.some((known) => known.what === what && known.path === path && known.source === source);
  });
}

/** What the log says of a location. */
export function noticeOf({ what, path, source, by }: Location): Notice {
  return { message: 'location', about: { what, path, source, by } };
}

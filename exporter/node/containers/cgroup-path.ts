/** A container id of Docker, containerd's CRI plugin or CRI-O. */
export const CONTAINER_ID = /^[0-9a-f]{64}$/;

/**
 * Container ids in a cgroup path, outermost first. With the cgroupfs driver a cgroup is named by the id alone
 * (`/docker/<id>`, `/kubepods/burstable/pod<uid>/<id>`), with the systemd driver it is a scope
 * (`docker-<id>.scope`, `cri-containerd-<id>.scope`, `crio-<id>.scope`); Docker in Docker nests them.
 * `crio-conmon-<id>.scope` holds the container's monitor, which is not in the container.
 */
export function containerIdsIn(cgroupPath: string): string[] {
  const ids: string[] = [];
  for (const name of cgroupPath.split('/')) {
    const match = /^(?:([a-z-]+)-)?([0-9a-f]{64})(?:\.scope)?$/.exec(name);
    if (match?.[2] && !match[1]?.endsWith('-conmon')) ids.push(match[2]);
  }
  return ids;
}

/**
 * The pod uid in a cgroup path: `pod<uid>` with the cgroupfs driver, `kubepods-besteffort-pod<uid>.slice` with the
 * systemd driver, where `-` in the uid is written `_` because it means a level of slices.
 */
export function podUidIn(cgroupPath: string): string | undefined {
  const match = /\/(?:[a-z-]*kubepods-(?:[a-z]+-)?)?pod([0-9a-f_-]{32,36})(?:\.slice)?(?:\/|$)/.exec(cgroupPath);
  return match?.[1]?.replaceAll('_', '-');
}

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

/**
 * How many of the first parts of a cgroup path lead to the innermost container, of whichever runtime and known or not; 0
 * outside of all. A container is what is named by 64 hexadecimal digits (Docker, containerd, CRI-O, Podman's
 * `libpod-<id>.scope`), by LXC (`/lxc/<name>`, `/lxc.payload.<name>`; `lxc.monitor` is outside) or below systemd's
 * `machine.slice` (systemd-nspawn), what Docker makes below `/docker` (BuildKit), and a pod.
 */
export function containerDepth(path: string): number {
  const parts = path.split('/').slice(1);
  const depths = parts.map((part, index) => {
    if (CONTAINER_PART.test(part)) return index + 1;
    return PARENT_PART.test(part) || (part === 'docker' && index === 0) ? Math.min(index + 2, parts.length) : 0;
  });
  return Math.max(0, ...depths);
}

const CONTAINER_PART =
  /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])|^lxc\.payload\.|^systemd-nspawn@|^(?:.+-)?kubepods(?:\.slice|-|$)/;
const PARENT_PART = /^(?:lxc|lxc\.payload|machine\.slice)$/;

/** Whether the kubelet made a cgroup, or one above it: `/kubepods/…`, `kubepods-burstable-pod<uid>.slice`, `/kubelet/kubepods/…`. */
export function isBelowKubepods(path: string): boolean {
  return /(?:^|[/-])kubepods(?:[/.-]|$)/.test(path);
}

/** Whether a cgroup is that of a user who is not root: of a session, or of what the user's own systemd runs. */
export function isOfUser(path: string): boolean {
  return /^\/user\.slice(?!\/user-0\.slice(?:\/|$))/.test(path);
}

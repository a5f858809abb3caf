/** A pod's uid; static pods have a hash of their manifest. */
const UID = '(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})';

/** `<kubelet's root directory>/pods/<uid>` at the beginning of a path. */
const POD_DIRECTORY = new RegExp(`^(/(?:.*?/)?pods/${UID})(?:/|$)`);

/**
 * The directory of the pod that a unit file was written for: the kubelet runs `mount` by
 * `systemd-run --description=Kubernetes transient mount for <path> --scope` (k8s.io/mount-utils, mount_linux.go,
 * AddSystemdScope). Undefined for other units, and for mounts outside a pod's directory.
 */
export function podOfUnitFile(text: string): string | undefined {
  const path = /^Description=Kubernetes transient mount for (\/.*)$/m.exec(text)?.[1];
  return path === undefined ? undefined : POD_DIRECTORY.exec(path)?.[1];
}

/**
 * The same for a mount unit, which is named after its path: `/` is written `-`, and other characters `\x2d`
 * (systemd.unit(5), "String Escaping for Inclusion in Unit Names").
 */
export function podOfMountUnit(unit: string): string | undefined {
  const name = unit.endsWith('.mount') ? unit.slice(0, -'.mount'.length) : '';
  const bytes = name
    .replaceAll('-', '/')
    .replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return POD_DIRECTORY.exec(`/${Buffer.from(bytes, 'latin1').toString()}`)?.[1];
}

import type { Host } from '../host/host.ts';
import type { OpenFile } from '../host/tree.ts';
import { readBuildInfo } from './go-build-info.ts';

/** A kilobyte for each package, of which a full installation has some thousands. */
const MAX_DPKG_STATUS_BYTES = 32 * 1024 ** 2;

/**
 * The minor version of Kubernetes, 26 of v1.26.1, that the kubelet of this process is of: from its executable, else from dpkg. Without
 * running anything the executable of official releases tells it up to 1.26 and since 1.33 (Go 1.24): those between say
 * `(devel)`. Undefined when neither tells.
 */
export function kubeletMinor(host: Host, pid: number | undefined): number | undefined {
  const ofExecutable = pid === undefined ? undefined : executableMinor(host, pid);
  return ofExecutable ?? packageMinor(dpkgStatus(host));
}

/** It takes the capability SYS_PTRACE to look at an executable of root; without it, dpkg is still to be asked. */
function executableMinor(host: Host, pid: number): number | undefined {
  try {
    const file = host.procfs.openIfPresent(`${pid}/exe`);
    return file && buildMinor(readAndClose(file) ?? '');
  } catch {
    return undefined;
  }
}

/** Empty where it is absent or may not be read. */
function dpkgStatus(host: Host): string {
  try {
    return host.rootfs.readUntrustedIfPresent('/var/lib/dpkg/status', MAX_DPKG_STATUS_BYTES) ?? '';
  } catch {
    return '';
  }
}

function readAndClose(file: OpenFile): string | undefined {
  try {
    return readBuildInfo((position, length) => file.read(position, length));
  } finally {
    file.close();
  }
}

/**
 * The kubelet is the module k8s.io/kubernetes or, within k3s, a dependency of that name; before -trimpath was used,
 * the build's -ldflags named the version.
 */
export function buildMinor(buildInfo: string): number | undefined {
  return numberIn(/(?:^(?:mod|dep)\tk8s\.io\/kubernetes\t|\bgitVersion=)v1\.(\d+)\./m.exec(buildInfo));
}

/** Stanzas of /var/lib/dpkg/status (deb-control(5)), `Version: 1.26.1-00` among their lines. */
export function packageMinor(status: string): number | undefined {
  const stanza = status.split('\n\n').find((text) => /^Package: kubelet$/m.test(text)) ?? '';
  return /^Status: .* installed$/m.test(stanza) ? numberIn(/^Version: 1\.(\d+)\./m.exec(stanza)) : undefined;
}

function numberIn(match: RegExpExecArray | null): number | undefined {
  return match ? Number(match[1]) : undefined;
}

import type { Host } from '../host/host.ts';
import { readBuildInfo } from '../kubelet/go-build-info.ts';

/**
 * Whether the containerd of a process is older than 2.0, as its executable says. Undefined when it does not, or may not be looked
 * at, which takes the capability SYS_PTRACE.
 */
export function isBefore2(host: Host, pid: number): boolean | undefined {
  try {
    const file = host.procfs.openIfPresent(`${pid}/exe`);
    if (!file) return undefined;
    try {
      return isOlderBuild(readBuildInfo((position, length) => file.read(position, length)) ?? '');
    } finally {
      file.close();
    }
  } catch {
    return undefined;
  }
}

/** `mod github.com/containerd/containerd/v2 v2.1.4`: the module has the major version in its name, since 2.0 as Go wants it. */
export function isOlderBuild(buildInfo: string): boolean | undefined {
  const [, major] = /^(?:path|mod)\tgithub\.com\/containerd\/containerd(\/v\d+)?[\t/]/m.exec(buildInfo) ?? [
    undefined,
    '',
  ];
  return major === '' ? undefined : major === undefined;
}

import type { Host } from '../host/host.ts';
import { type Report, tryRead } from '../report.ts';
import { podOfMountUnit, podOfUnitFile } from './pod-directory.ts';
import { descriptionFiles } from './transient-units.ts';

/** By unit, the directory of the pod that it was made for, '' when it was made for none. */
export type PodsByUnit = ReadonlyMap<string, string>;

/** Descriptions read in one run, some 40 µs of CPU each: 100,000 leaked units are known after ten runs. */
export const MAX_DESCRIPTIONS_PER_RUN = 10_000;

/** systemd writes a few lines; a mount's path has at most 4,096 bytes. */
const MAX_UNIT_FILE_BYTES = 65_536;

/** As many units as systemd holds (src/core/manager.h, MANAGER_MAX_NAMES). */
const MAX_UNITS = 131_072;

type Context = Pick<Report, 'host' | 'progress' | 'fault'>;

/**
 * The pods of these units as far as known: those of the last run, and of units that it did not know the first few, whose
 * descriptions are read. What cannot be read stays unknown.
 */
export function learnPods(context: Context, units: Iterable<string>, previous: PodsByUnit | undefined): PodsByUnit {
  const pods = new Map<string, string>();
  let read = 0;
  for (const unit of units) {
    const known = previous?.get(unit);
    if (pods.size === MAX_UNITS) break;
    if (known === undefined && read === MAX_DESCRIPTIONS_PER_RUN) continue;
    if (known === undefined) read += 1;
    const pod = known ?? readPod(context, unit);
    if (pod !== undefined) pods.set(unit, pod);
  }
  return pods;
}

/** Undefined when the description cannot be read. */
function readPod(context: Context, unit: string): string | undefined {
  const named = podOfMountUnit(unit);
  if (named !== undefined) return named;
  const { rootfs } = context.host;
  for (const file of descriptionFiles(unit)) {
    const text = tryRead(context, file, () => rootfs.readUntrustedIfPresent(file, MAX_UNIT_FILE_BYTES) ?? '');
    if (text === undefined) return undefined;
    const pod = podOfUnitFile(text);
    if (pod !== undefined) return pod;
  }
  return '';
}

/** How many units were made for a pod whose directory is gone: the kubelet removes it with the pod. */
export function countOrphans({ host, progress }: Context, pods: PodsByUnit): number {
  const roots = new Set<string>();
  const live = new Set<string>();
  let orphans = 0;
  for (const pod of pods.values()) {
    if (pod === '') continue;
    const root = pod.slice(0, pod.lastIndexOf('/'));
    if (!roots.has(root)) {
      progress(root);
      for (const uid of podsIn(host, root)) live.add(`${root}/${uid}`);
      roots.add(root);
    }
    if (!live.has(pod)) orphans += 1;
  }
  return orphans;
}

/** The names in a directory of the kubelet's pods: not below a link that somebody puts there meanwhile. */
function podsIn({ rootfs }: Host, root: string): string[] {
  const directory = rootfs.openDirectory(root);
  try {
    return directory?.directories() ?? [];
  } finally {
    directory?.close();
  }
}

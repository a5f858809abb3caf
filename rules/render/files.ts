import { ruleGroups } from '../pack.ts';
import type { Settings } from '../settings.ts';
import { alertmanagerFiles } from './alertmanager.ts';
import { operatorFile, prometheusFile } from './prometheus.ts';

/** The files of the pack by their paths. */
export function packFiles(settings: Settings): Map<string, string> {
  const rules = settings.format === 'operator' ? operatorFile : prometheusFile;
  return new Map([
    ...ruleGroups(settings).map((group) => [`${settings.format}/${group.id}.yaml`, rules(group, settings)] as const),
    ...alertmanagerFiles(settings),
  ]);
}

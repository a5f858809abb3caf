import { ruleGroups } from '../pack.ts';
import type { Settings } from '../settings.ts';
import { alertmanagerFiles } from './alertmanager.ts';
import { indexFile } from './index.ts';
import { operatorFile, prometheusFile } from './prometheus.ts';

/** All files, by path. */
export function packFiles(settings: Settings): Map<string, string> {
  const groups = ruleGroups(settings);
  const rules = groups.map((group) => {
    const file = settings.format === 'operator' ? operatorFile(group, settings) : prometheusFile([group], settings);
    return [`${settings.format}/${group.id}.yaml`, file] as const;
  });
  return new Map([...rules, ...alertmanagerFiles(settings), ['index.md', indexFile(groups, settings)]]);
}

/** The rules alone as one file: a rule file of Prometheus, or PrometheusRule objects for `kubectl apply`. */
export function ruleFile(settings: Settings): string {
  const groups = ruleGroups(settings);
  if (settings.format === 'prometheus') return prometheusFile(groups, settings);
  return groups.map((group) => operatorFile(group, settings)).join('---\n');
}

import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import type { Finding } from './finding.ts';
import type { Query } from './prometheus.ts';

/** Labels of ours that Prometheus renamed because the target has them too: rules would read those of the target. */
export async function renamedLabels(query: Query): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const label of ['node', ...OWNER_LABELS]) {
    const [renamed] = await query(`count({__name__=~"foreshock_.+",exported_${label}!=""})`);
    if (!renamed) continue;
    findings.push({
      level: 'missing',
      what: `Prometheus renamed the label \`${label}\` of ${renamed.value} series of Foreshock to \`exported_${label}\``,
      remedy: 'set `honor_labels: true` in the scrape configuration (`honorLabels` of a PodMonitor)',
    });
  }
  return findings;
}

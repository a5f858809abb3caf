import { dump } from 'js-yaml';
import type { RuleGroup } from '../pack.ts';
import type { Settings } from '../settings.ts';
import type { Alert, DashboardUid } from '../signature.ts';

/** A group as Prometheus reads it (prometheus.io/docs/prometheus/latest/configuration/recording_rules). */
export function prometheusGroup({ id, records, alerts }: RuleGroup, settings: Settings) {
  return {
    name: `foreshock-${id}`,
    rules: [
      ...records.map(({ record, expr }) => ({ record, expr })),
      ...alerts.map((alert) => prometheusAlert(alert, id, settings)),
    ],
  };
}

function prometheusAlert(alert: Alert, signature: string, settings: Settings) {
  return {
    alert: alert.name,
    expr: alert.expr,
    ...(alert.for === undefined ? {} : { for: alert.for }),
    ...(alert.keepFiringFor === undefined ? {} : { keep_firing_for: alert.keepFiringFor }),
    labels: {
      severity: alert.severity,
      signature,
      ...(alert.symptom === undefined ? {} : { symptom: alert.symptom }),
      ...Object.fromEntries((alert.explains ?? []).map((symptom) => [`explains_${symptom}`, 'true'])),
    },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookUrl(alert.name, settings),
      dashboard_url: dashboardUrl(alert.dashboard, settings),
    },
  };
}

export function runbookUrl(alert: string, settings: Settings): string {
  return settings.runbook_url.replace('{alert}', alert);
}

function dashboardUrl(uid: DashboardUid, { dashboard_url, labels }: Settings): string {
  const variables = `var-cluster={{ $labels.${labels.cluster} | urlquery }}&var-node={{ $labels.node | urlquery }}`;
  const url = dashboard_url.replace('{dashboard}', uid);
  return `${url}${url.includes('?') ? '&' : '?'}${variables}`;
}

/** A rule file of these groups. */
export function prometheusFile(groups: readonly RuleGroup[], settings: Settings): string {
  return yaml({ groups: groups.map((group) => prometheusGroup(group, settings)) });
}

/** A group as an object of the Prometheus operator. */
export function operatorFile(group: RuleGroup, settings: Settings): string {
  const { namespace, labels } = settings.operator;
  return yaml({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: `foreshock-${group.id}`, namespace, labels: { ...labels } },
    spec: { groups: [prometheusGroup(group, settings)] },
  });
}

const HEADER = '# Made by foreshock rules; change its settings rather than this file.\n';

/** YAML with long lines left alone: expressions keep their lines, descriptions stay one. */
export function yaml(document: unknown): string {
  return HEADER + dump(document, { lineWidth: -1, noRefs: true });
}

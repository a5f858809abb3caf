import { dump } from 'js-yaml';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { signatures } from './signatures/index.ts';

const COMMENTS: Readonly<Record<keyof Settings, string>> = {
  selectors: 'Label matchers of the jobs, without braces.',
  labels: 'Label that identifies the cluster (optional), and label of targets that names their node.',
  thresholds: 'Limits of the alerts, by signature; index.md explains each.',
  node_monitor_grace_seconds:
    'Seconds without a heartbeat until a node turns Unknown, for the texts of alerts: --node-monitor-grace-period of ' +
    'kube-controller-manager (40 before Kubernetes 1.32).',
  severities: 'Severity by alert, to override the default: critical, warning or info.',
  disabled: 'Alerts to leave out.',
  runbook_url: '{alert} is replaced by the name of the alert.',
  dashboard_url: '{dashboard} is replaced by the uid; the variables cluster and node are appended.',
  format: 'prometheus, or operator for PrometheusRule objects.',
  operator: 'Namespace and labels of these objects; your Prometheus selects rules by the labels.',
};

/** A settings file that sets everything to its default. */
export function defaultSettingsFile(): string {
  const thresholds = signatures
    .filter((signature) => Object.keys(signature.thresholds).length > 0)
    .map((signature) => [
      signature.id,
      Object.fromEntries(Object.entries(signature.thresholds).map(([name, one]) => [name, one.default])),
    ]);
  const settings: Settings = { ...DEFAULT_SETTINGS, thresholds: Object.fromEntries(thresholds) };
  return Object.entries(COMMENTS)
    .map(([key, comment]) => `# ${comment}\n${dump({ [key]: settings[key as keyof Settings] }, { lineWidth: -1 })}`)
    .join('');
}

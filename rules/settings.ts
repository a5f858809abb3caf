export type Severity = 'critical' | 'warning' | 'info';

/** What users can set; the defaults fit kube-prometheus and our own manifests. */
export interface Settings {
  /** Label matchers of the jobs, without braces. */
  readonly selectors: {
    readonly foreshock: string;
    readonly node_exporter: string;
    readonly kubelet: string;
    readonly kube_state_metrics: string;
  };
  readonly labels: {
    /** The label that identifies the cluster; series may lack it. */
    readonly cluster: string;
    /** The label of targets that names their node; recorded series and alerts always call it `node`. */
    readonly node: string;
  };
  /** By signature and name; those that are not set have their defaults. */
  readonly thresholds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /**
   * Seconds without a heartbeat after which the node controller turns a node Unknown. Neither the kubelet nor the API
   * server publishes it, so that texts have it from here; no alert compares with it.
   */
  readonly node_monitor_grace_seconds: number;
  /** By alert. */
  readonly severities: Readonly<Record<string, Severity>>;
  /** Alerts that are left out. */
  readonly disabled: readonly string[];
  /** `{alert}` stands for the name of the alert. */
  readonly runbook_url: string;
  /** `{dashboard}` stands for the uid; the variables `cluster` and `node` are added. */
  readonly dashboard_url: string;
  readonly format: 'prometheus' | 'operator';
  /** Of the PrometheusRule objects; a Prometheus selects them by these labels. */
  readonly operator: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
}

export const DEFAULT_SETTINGS: Settings = {
  selectors: {
    foreshock: 'job="foreshock"',
    node_exporter: 'job="node-exporter"',
    kubelet: 'job="kubelet"',
    kube_state_metrics: 'job="kube-state-metrics"',
  },
  labels: { cluster: 'cluster', node: 'node' },
  thresholds: {},
  // pkg/controller/nodelifecycle/config/v1alpha1/defaults.go; 40 before Kubernetes 1.32.
  node_monitor_grace_seconds: 50,
  severities: {},
  disabled: [],
  runbook_url: 'https://github.com/foreshock/foreshock/blob/main/docs/runbooks/{alert}.md',
  dashboard_url: 'https://grafana.example.com/d/{dashboard}',
  format: 'prometheus',
  operator: { namespace: 'monitoring', labels: { prometheus: 'k8s', role: 'alert-rules' } },
};
